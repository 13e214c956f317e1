using LmPlayground.Runs.Messages;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>The order of the stages: their names with commas between them, or the name of a preset.</summary>
public sealed class OrderFormat : SettingFormat<StageOrder>
{
    private static readonly (string Name, StageOrder Order)[] Presets =
        [("transformers", StageOrder.Transformers), ("llama.cpp", StageOrder.LlamaCpp), ("vllm", StageOrder.Vllm)];

    /// <inheritdoc/>
    public override string Expects => $"{string.Join(", ", Presets.Select(preset => preset.Name))}, or names of stages with commas between them";

    /// <summary>Whether an order is that of a library.</summary>
    public static bool IsPreset(StageOrder order) => Array.Exists(Presets, preset => preset.Order.Equals(order));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(StageOrder value) => [value.ToString()];

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out StageOrder value)
    {
        var text = texts[^1];
        value = Array.Find(Presets, preset => preset.Name == text).Order;
        if (value is not null)
            return true;
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var known = new List<string>();
        foreach (var name in names)
        {
            if (SamplingStages.Find(name) is null)
                Refuse(reading, name);
            else if (known.Contains(name))
                reading.Add(Message.Of("order.twice_once", $"{reading.Name} names '{name}' twice: it runs once."), "The order names a stage twice.");
            else
                known.Add(name);
        }

        value = new StageOrder([.. known]);
        return true;
    }

    private static void Refuse(SettingReading reading, string name) => reading.Add(
        Message.Of("order.no_stage", $"{reading.Name} names '{Quoted.Text(name)}', which is no stage: it is left out."),
        $"{reading.Name}: there is no stage '{Quoted.Text(name)}'. Known are {string.Join(", ", SamplingStages.All.Select(stage => stage.Name))}, "
        + $"and the presets {string.Join(", ", Presets.Select(preset => preset.Name))}.");
}
