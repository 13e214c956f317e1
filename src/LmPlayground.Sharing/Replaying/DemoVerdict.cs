using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Runs.Messages;

namespace LmPlayground.Sharing.Replaying;

/// <summary>Whether a demo reproduces: what running it again has given.</summary>
/// <param name="Runs">One verdict for each run that has tokens.</param>
/// <param name="Causes">What is not here as it was there, most telling first; may be empty, and need not be why a run differs.</param>
public sealed record DemoVerdict(ImmutableArray<DemoRunVerdict> Runs, ImmutableArray<DemoCause> Causes)
{
    /// <summary>Whether every run has the same tokens and the same numbers.</summary>
    public bool IsSame => Runs.All(run => run.IsSame);

    /// <summary>Whether every run has the same tokens.</summary>
    public bool HasSameTokens => Runs.All(run => run.HasSameTokens);
}

/// <summary>Whether one run reproduces.</summary>
/// <param name="Run">Its name in the demo.</param>
/// <param name="Tokens">The first token that is another one, or that only one of the two has; null where all are the same.</param>
/// <param name="Numbers">The first token before which a number is another one: a logit, the entropy, the draw. Null where all are the same, bit for bit.</param>
public sealed record DemoRunVerdict(string Run, DemoDifference? Tokens, DemoDifference? Numbers)
{
    /// <summary>Why it could not be run again, or null.</summary>
    public Message? Error { get; init; }

    /// <summary>Whether tokens and numbers are the same.</summary>
    public bool IsSame => HasSameTokens && Numbers is null;

    /// <summary>Whether the tokens are the same.</summary>
    public bool HasSameTokens => Error is null && Tokens is null;

    /// <summary>The first difference of either kind; null where there is none.</summary>
    public DemoDifference? First => Numbers is null || Tokens?.Index < Numbers.Index ? Tokens : Numbers;
}

/// <summary>A token at which a demo and its replay differ.</summary>
/// <param name="Index">The index among the run's own tokens, from 0.</param>
/// <param name="Recorded">The demo's token with its distribution; null where the demo has ended.</param>
/// <param name="Replayed">The same of the replay.</param>
public sealed record DemoDifference(int Index, TokenStep? Recorded, TokenStep? Replayed);

/// <summary>How far a replay has come.</summary>
/// <param name="Done">How many tokens are there again.</param>
/// <param name="Total">How many the demo has.</param>
/// <param name="IsLoading">Whether a model is being read into memory.</param>
public sealed record ReplayProgress(int Done, int Total, bool IsLoading)
{
    /// <summary>The share that is done, 0 to 1.</summary>
    public double Share => Total == 0 ? 0 : Math.Min(1, (double)Done / Total);
}
