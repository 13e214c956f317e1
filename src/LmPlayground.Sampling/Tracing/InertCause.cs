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
}

/// <summary>Why a stage that is on did nothing.</summary>
/// <param name="Kind">What kept it from it.</param>
/// <param name="Stage">The earlier stage, where there is one.</param>
/// <param name="Count">How many tokens it was given.</param>
public readonly record struct InertCause(InertKind Kind, string? Stage = null, int Count = 0)
{
    /// <summary>The cause in words for people, or null where the stage did something.</summary>
    public string? Describe() => Kind switch
    {
        InertKind.Greedy => "temperature 0 always takes the likeliest token: later stages have no effect",
        InertKind.EarlierStage => $"does nothing here: {LabelOf(Stage!)} already leaves {Tokens}",
        InertKind.AllPass => $"does nothing here: all {Tokens} pass",
        _ => null,
    };

    private string Tokens => Count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The cause for a stage that changed nothing of <paramref name="count"/> tokens, after the stages in <paramref name="earlier"/>.</summary>
    internal static InertCause Find(SamplingOptions options, int count, ReadOnlySpan<StageTrace> earlier)
    {
        foreach (var trace in earlier)
        {
            if (trace.Stage == TemperatureStage.StageName && options.Temperature == 0)
                return new InertCause(InertKind.Greedy, trace.Stage, count);
        }

        for (var i = earlier.Length - 1; i >= 0; i--)
        {
            if (earlier[i].RemovedMass > 0)
                return new InertCause(InertKind.EarlierStage, earlier[i].Stage, count);
        }

        return new InertCause(InertKind.AllPass, null, count);
    }

    private static string LabelOf(string stage) => SamplingStages.Find(stage)?.Label.ToLowerInvariant() ?? stage;
}
