using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.State;

/// <summary>An order of stages that another program runs.</summary>
/// <param name="Name">The program.</param>
/// <param name="Order">Its order.</param>
/// <param name="Help">What is particular to it, in one sentence.</param>
internal sealed record OrderPreset(string Name, StageOrder Order, string Help);

/// <summary>The orders of stages that other programs run.</summary>
internal static class OrderPresets
{
    /// <summary>The name of any order that is no preset.</summary>
    public const string Custom = "custom";

    public static readonly ImmutableArray<OrderPreset> All =
    [
        new("transformers", StageOrder.Transformers, "Temperature first, then top-k, top-p and min-p cut."),
        new("llama.cpp", StageOrder.LlamaCpp, "Top-k, top-p and min-p cut first, temperature comes last."),
        new("vLLM", StageOrder.Vllm, "Temperature first, then min-p cuts before top-k and top-p."),
    ];

    public static StageOrder? Find(string? name) => All.FirstOrDefault(preset => preset.Name == name)?.Order;

    /// <summary>What is particular to a preset, or to an order that is none.</summary>
    public static string HelpOf(string name) =>
        All.FirstOrDefault(preset => preset.Name == name)?.Help ?? "An order of your own: the arrows in each stage move it.";

    /// <summary>The preset's name; where several have the same order, the one that was picked.</summary>
    public static string NameOf(StageOrder order, string? picked)
    {
        if (Find(picked) is { } chosen && chosen.Equals(order))
            return picked!;
        return All.FirstOrDefault(preset => preset.Order.Equals(order))?.Name ?? Custom;
    }
}
