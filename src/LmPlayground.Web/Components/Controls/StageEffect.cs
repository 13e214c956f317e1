using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.Components.Controls;

/// <summary>What a stage did at a step, in a few words.</summary>
/// <param name="Text">The words.</param>
/// <param name="IsWarning">Whether it is on and did nothing.</param>
/// <param name="IsInert">Whether it did nothing.</param>
internal readonly record struct StageEffect(string Text, bool IsWarning, bool IsInert)
{
    /// <summary>Entropies nearer than this are equal: rounding, not an effect.</summary>
    private const double SameEntropy = 0.005;

    public static StageEffect Of(SamplingStage stage, SamplingOptions options, StageTrace? trace)
    {
        if (stage.Parameters.Contains(TemperatureStage.Temperature) && options.Temperature == 0)
            return new StageEffect("greedy: always the likeliest token", false, false);
        if (!stage.IsOn(options))
            return new StageEffect("off", false, true);
        if (trace is not { } did)
            return new StageEffect("", false, false);
        return did.InertReason is { } reason ? new StageEffect(reason, true, true) : new StageEffect(Words(did), false, !did.Changed);
    }

    private static string Words(StageTrace did)
    {
        var change = did.EntropyAfter - did.EntropyBefore;
        if (did.RemovedMass > 0)
            return $"removed {Show.Percent(did.RemovedMass)}";
        if (did.Moved > 0 && did.Moved < did.Kept)
            return $"moved {Show.Count(did.Moved)} logits";
        if (Math.Abs(change) >= SameEntropy)
            return $"{(change < 0 ? "sharper" : "flatter")} by {Show.Bits(Math.Abs(change))} bits";
        return did.Changed ? "changed hardly anything" : "changed nothing";
    }
}
