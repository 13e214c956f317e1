using System.Collections.Immutable;

namespace LmPlayground.Sampling.Stopping;

/// <summary>Ends a run with certain tokens.</summary>
internal sealed class TokenCriterion(ImmutableArray<int> ids, FinishReason reason) : IStoppingCriterion
{
    public FinishReason? Check(in StoppingContext context) => ids.AsSpan().Contains(context.TokenId) ? reason : null;
}
