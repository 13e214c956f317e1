using System.Collections.Immutable;
using LmPlayground.Generation;

namespace LmPlayground.Sharing.Replaying;

/// <summary>Whether a demo reproduces: what running it again has given.</summary>
/// <param name="Runs">One verdict for each run that has tokens.</param>
/// <param name="Causes">What is not here as it was there, most telling first; may be empty, and need not be why a run differs.</param>
public sealed record DemoVerdict(ImmutableArray<DemoRunVerdict> Runs, ImmutableArray<DemoCause> Causes)
{
    /// <summary>Whether every run has the same tokens and the same numbers.</summary>
    public bool IsSame => Runs.All(run => run.IsSame);

    /// <summary>Whether every run has the same tokens.</summary>
    public bool HasSameTokens => Runs.All(run => run.Tokens is null);
}

/// <summary>Whether one run reproduces.</summary>
/// <param name="Run">Its name in the demo.</param>
/// <param name="Tokens">The first token that is another one, or that only one of the two has; null where all are the same.</param>
/// <param name="Numbers">The first token before which a number is another one: a logit, the entropy, the draw. Null where all are the same, bit for bit.</param>
public sealed record DemoRunVerdict(string Run, DemoDifference? Tokens, DemoDifference? Numbers)
{
    /// <summary>Whether tokens and numbers are the same.</summary>
    public bool IsSame => Tokens is null && Numbers is null;

    /// <summary>The first difference of either kind; null where there is none.</summary>
    public DemoDifference? First => Numbers is null || Tokens?.Index < Numbers.Index ? Tokens : Numbers;
}

/// <summary>A token at which a demo and its replay differ.</summary>
/// <param name="Index">The index among the run's own tokens, from 0.</param>
/// <param name="Recorded">The demo's token with its distribution; null where the demo has ended.</param>
/// <param name="Replayed">The same of the replay.</param>
public sealed record DemoDifference(int Index, TokenStep? Recorded, TokenStep? Replayed);

/// <summary>Something that decides bits and is another one here.</summary>
/// <param name="What">What it is: "model", "tokenizer", "onnx_runtime", "processor_features".</param>
/// <param name="Recorded">What it was there.</param>
/// <param name="Here">What it is here.</param>
public sealed record DemoCause(string What, string Recorded, string Here);
