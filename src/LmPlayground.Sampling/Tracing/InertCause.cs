using System.Globalization;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Tracing;

/// <summary>What kept a stage that is on from doing anything.</summary>
public enum InertKind
{
    /// <summary>It did something.</summary>
    None,

    /// <summary>Temperature 0 had already left the likeliest token alone.</summary>
    Greedy,

    /// <summary>An earlier stage had already removed all that it would remove.</summary>
    EarlierStage,

    /// <summary>Every token passes.</summary>
    AllPass,

    /// <summary>No token that is left is one that it moves or bans.</summary>
    NoToken,

    /// <summary>It acts by chance, and not at this position.</summary>
    Chance,

    /// <summary>Another stage takes its place: it did not run.</summary>
    Replaced,
}

/// <summary>Why a stage that is on did nothing.</summary>
/// <param name="Kind">What kept it from it.</param>
/// <param name="Stage">The other stage, where there is one.</param>
/// <param name="Count">How many tokens it was given.</param>
public readonly record struct InertCause(InertKind Kind, string? Stage = null, int Count = 0)
{
    /// <summary>The cause in words for people, or null where the stage did something.</summary>
    /// <param name="stage">The stage that did nothing.</param>
    /// <param name="value">The value of its main parameter.</param>
    public string? Describe(string stage, double? value)
    {
        var subject = value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{LabelOf(stage)} {number}") : LabelOf(stage);
        return Kind switch
        {
            InertKind.Greedy => "temperature 0 always takes the likeliest token: later stages have no effect",
            InertKind.EarlierStage => $"{subject} does nothing: {LabelOf(Stage!)} leaves {Tokens}",
            InertKind.AllPass => $"{subject} does nothing: all {Tokens} pass",
            InertKind.NoToken => $"{subject} does nothing: it concerns none of the {Tokens} tokens left",
            InertKind.Chance => $"{subject} does nothing at this position: it acts by chance",
            InertKind.Replaced => $"{subject} does not run: {LabelOf(Stage!)} takes its place",
            _ => null,
        };
    }

    private string Tokens => Count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The cause for a stage that changed nothing of <paramref name="count"/> tokens, after the stages in <paramref name="earlier"/>.</summary>
    internal static InertCause Find(
        SamplingStage stage, SamplingOptions options, int count, ReadOnlySpan<StageTrace> earlier, in SamplingContext context)
    {
        foreach (var trace in earlier)
        {
            if (trace.Stage == TemperatureStage.StageName && options.Temperature == 0)
                return new InertCause(InertKind.Greedy, trace.Stage, count);
        }

        if (count > 1 && stage.Group is StageGroup.Bias or StageGroup.Penalty or StageGroup.Constraint)
            return new InertCause(InertKind.NoToken, null, count);
        if (count > 1 && stage is XtcStage && !XtcStage.Acts(options[XtcStage.Probability], context))
            return new InertCause(InertKind.Chance, null, count);
        for (var i = earlier.Length - 1; i >= 0; i--)
        {
            // A stage either moves or removes.
            if (earlier[i] is { Changed: true, Moved: 0 })
                return new InertCause(InertKind.EarlierStage, earlier[i].Stage, count);
        }

        return new InertCause(InertKind.AllPass, null, count);
    }

    private static string LabelOf(string stage)
    {
        var label = SamplingStages.Find(stage)?.Label ?? stage;
        return label.Length > 1 && char.IsUpper(label[1]) ? label : char.ToLowerInvariant(label[0]) + label[1..];
    }
}
