using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.Components.Controls;

/// <summary>What a stage did at a step, in a few words.</summary>
/// <param name="Text">The words: few enough for one line of its card.</param>
/// <param name="IsWarning">Whether it is on and did nothing.</param>
/// <param name="IsInert">Whether it did nothing.</param>
internal readonly record struct StageEffect(string Text, bool IsWarning, bool IsInert)
{
    /// <summary>The whole sentence of one that is on and did nothing.</summary>
    public string? Why { get; private init; }

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
        return did.InertReason is { } reason
            ? new StageEffect(Words(did.Inert), true, true) { Why = reason }
            : new StageEffect(Words(did), false, !did.Changed);
    }

    // The card says which stage it is, and that its chain has other stages.
    private static string Words(InertCause cause) => cause.Kind switch
    {
        InertKind.Greedy => "nothing: temperature 0 is greedy",
        InertKind.EarlierStage => $"nothing: {Show.Stage(cause.Stage!).ToLowerInvariant()} leaves {Show.Count(cause.Count)}",
        InertKind.AllPass => $"nothing: all {Show.Count(cause.Count)} pass",
        InertKind.NoToken => "nothing: it concerns no token left",
        InertKind.Chance => "nothing here: it acts by chance",
        _ => $"off: {Show.Stage(cause.Stage!).ToLowerInvariant()} takes its place",
    };

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
