using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Sharing.Inspection;

/// <summary>What other settings would have done at one step of a demo: known within <see cref="Bound"/>, or not known.</summary>
public sealed record DemoOutcome
{
    /// <summary>How far a probability that is known may be from the true one.</summary>
    public const double Bound = 0.01;

    /// <summary>Why it is not known; null where it is.</summary>
    public DemoUnknown? Unknown { get; init; }

    /// <summary>The stage that keeps it from being known, or null.</summary>
    public string? Stage { get; init; }

    /// <summary>The probability of each listed token after the sampler; empty where it is not known.</summary>
    public ImmutableArray<double> Sampled { get; init; } = [];

    /// <summary>The stage that removes each listed token, or null for one that stays.</summary>
    public ImmutableArray<string?> RemovedBy { get; init; } = [];

    /// <summary>The token that the same u draws; null where it lies too near to the border of two, or is none of the listed ones.</summary>
    public int? DrawnId { get; init; }

    /// <summary>Whether it is known.</summary>
    public bool IsKnown => Unknown is null;

    /// <summary>What it means for the token that the demo has.</summary>
    /// <param name="step">The step, with all its candidates in the demo's order.</param>
    public DemoMark MarkOf(TokenStep step)
    {
        var place = PlaceOf(step);
        return !IsKnown || place < 0 || place >= RemovedBy.Length ? DemoMark.Unknown
            : RemovedBy[place] is not null ? DemoMark.Removed
            : step.IsForced ? DemoMark.Same
            : DrawnId is not { } drawn ? DemoMark.Unknown
            : drawn == step.Draw.Id ? DemoMark.Same
            : DemoMark.Redrawn;
    }

    /// <summary>The step as these settings sample it, where that is known; what its stages did is not.</summary>
    /// <param name="step">The step, with all its candidates in the demo's order.</param>
    public TokenStep Apply(TokenStep step)
    {
        var place = PlaceOf(step);
        if (!IsKnown || place < 0 || Sampled.Length != step.Top.Length)
            return step;
        var top = step.Top.Select((candidate, i) => candidate with { SampledProbability = Sampled[i], RemovedBy = RemovedBy[i] }).ToImmutableArray();
        var drawn = DrawnId ?? step.Draw.Id;
        var before = top.Where(candidate => candidate.SampledProbability > 0)
            .OrderByDescending(candidate => candidate.SampledProbability).ThenBy(candidate => candidate.Id).TakeWhile(candidate => candidate.Id != drawn).ToList();
        var low = Math.Min(1, before.Sum(candidate => candidate.SampledProbability));
        var width = top.FirstOrDefault(candidate => candidate.Id == drawn)?.SampledProbability ?? 0;
        return step with
        {
            Top = top,
            SampledProbability = Sampled[place],
            Stages = [],
            Draw = new TokenDraw(drawn, step.Draw.U, low, Math.Min(1, low + width)),
            Others = step.Others with { SampledProbability = Math.Clamp(1 - Sampled.Sum(), 0, 1) },
        };
    }

    private static int PlaceOf(TokenStep step)
    {
        for (var i = 0; i < step.Top.Length; i++)
        {
            if (step.Top[i].Id == step.Id)
                return i;
        }

        return -1;
    }
}

/// <summary>Why a demo cannot say what other settings would have done.</summary>
public enum DemoUnknown
{
    /// <summary>The demo was made, or cut to the size of a link, without the histogram of the logits.</summary>
    NoLogits,

    /// <summary>A stage asks for more than a demo holds: the model's vocabulary, or every single logit.</summary>
    Stage,

    /// <summary>The tokens that are not listed weigh so much, or a cut falls so near to a token, that the answer could be wrong by more than the bound.</summary>
    TooClose,
}
