using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.State;

/// <summary>The orders of stages that other programs run.</summary>
internal static class OrderPresets
{
    /// <summary>The name of any order that is no preset.</summary>
    public const string Custom = "custom";

    public static readonly ImmutableArray<(string Name, StageOrder Order)> All =
        [("transformers", StageOrder.Transformers), ("llama.cpp", StageOrder.LlamaCpp), ("vLLM", StageOrder.Vllm)];

    public static StageOrder? Find(string? name) => All.FirstOrDefault(preset => preset.Name == name).Order;

    /// <summary>The preset's name; where several have the same order, the one that was picked.</summary>
    public static string NameOf(StageOrder order, string? picked)
    {
        if (Find(picked) is { } chosen && chosen.Equals(order))
            return picked!;
        return All.FirstOrDefault(preset => preset.Order.Equals(order)).Name ?? Custom;
    }
}
