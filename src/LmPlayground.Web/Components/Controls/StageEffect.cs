using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Components.Controls;

/// <summary>What a stage did at a step, in a few words.</summary>
/// <param name="Text">The words: few enough for one line of its card.</param>
/// <param name="IsWarning">Whether it is on and did nothing.</param>
/// <param name="IsInert">Whether it did nothing.</param>
public readonly record struct StageEffect(string Text, bool IsWarning, bool IsInert)
{
    /// <summary>The whole sentence of one that is on and did nothing.</summary>
    public string? Why { get; private init; }

    /// <summary>Entropies nearer than this are equal: rounding, not an effect.</summary>
    private const double SameEntropy = 0.005;

    internal static StageEffect Of(SamplingStage stage, SamplingOptions options, StageTrace? trace, IStringLocalizer<ControlTexts> words, LibraryWords library)
    {
        if (stage.Parameters.Contains(TemperatureStage.Temperature) && options.Temperature == 0)
            return new StageEffect(words["EffectGreedy"], false, false);
        if (!stage.IsOn(options))
            return new StageEffect(words["EffectOff"], false, true);
        if (trace is not { } did)
            return new StageEffect("", false, false);
        return did.InertReason is { } reason
            ? new StageEffect(Of(did.Inert, words, library), true, true) { Why = reason }
            : new StageEffect(Of(did, words), false, !did.Changed);
    }

    // The card says which stage it is, and that its chain has other stages.
    private static string Of(InertCause cause, IStringLocalizer<ControlTexts> words, LibraryWords library) => cause.Kind switch
    {
        InertKind.Greedy => words["InertGreedy"],
        InertKind.EarlierStage => words["InertEarlier", library.Stage(cause.Stage!).ToLowerInvariant(), Show.Count(cause.Count)],
        InertKind.AllPass => words["InertAllPass", Show.Count(cause.Count)],
        InertKind.NoToken => words["InertNoToken"],
        InertKind.Chance => words["InertChance"],
        _ => words["InertReplaced", library.Stage(cause.Stage!).ToLowerInvariant()],
    };

    private static string Of(StageTrace did, IStringLocalizer<ControlTexts> words)
    {
        var change = did.EntropyAfter - did.EntropyBefore;
        if (did.RemovedMass > 0)
            return words["EffectRemoved", Show.Percent(did.RemovedMass)];
        if (did.Moved > 0 && did.Moved < did.Kept)
            return words["EffectMoved", Show.Count(did.Moved)];
        if (Math.Abs(change) >= SameEntropy)
            return words[change < 0 ? "EffectSharper" : "EffectFlatter", Show.Bits(Math.Abs(change))];
        return words[did.Changed ? "EffectHardly" : "EffectNothing"];
    }
}
