using System.Collections.Immutable;

namespace LmPlayground.Sampling.Stopping;

/// <summary>The criteria of a run in the order they are checked: end-of-sequence, stop ids, stop strings, length or context.</summary>
public sealed class StoppingCriteria
{
    private readonly ImmutableArray<IStoppingCriterion> _criteria;

    /// <summary>The criteria that <paramref name="options"/> ask for.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="endOfSequenceIds">The model's end-of-sequence tokens.</param>
    /// <param name="contextLength">The most tokens that the model's context holds, or null.</param>
    public StoppingCriteria(StoppingOptions options, ImmutableArray<int> endOfSequenceIds, int? contextLength) => _criteria =
    [
        new TokenCriterion(options.StopAtEndOfSequence ? endOfSequenceIds : [], FinishReason.EndOfSequence),
        new TokenCriterion(options.StopTokenIds, FinishReason.StopToken),
        new StopStringCriterion(),
        new LengthCriterion(options.MaxNewTokens),
        new ContextCriterion(contextLength ?? int.MaxValue),
    ];

    /// <summary>The first reason that holds, or null.</summary>
    public FinishReason? Check(in StoppingContext context)
    {
        foreach (var criterion in _criteria)
        {
            if (criterion.Check(context) is { } reason)
                return reason;
        }

        return null;
    }

    private sealed class TokenCriterion(ImmutableArray<int> ids, FinishReason reason) : IStoppingCriterion
    {
        public FinishReason? Check(in StoppingContext context) => ids.AsSpan().Contains(context.TokenId) ? reason : null;
    }

    private sealed class StopStringCriterion : IStoppingCriterion
    {
        public FinishReason? Check(in StoppingContext context) => context.StopStringFound ? FinishReason.StopString : null;
    }

    private sealed class LengthCriterion(int maxNewTokens) : IStoppingCriterion
    {
        public FinishReason? Check(in StoppingContext context) =>
            context.NewTokens >= maxNewTokens ? FinishReason.Length : null;
    }

    private sealed class ContextCriterion(int contextLength) : IStoppingCriterion
    {
        public FinishReason? Check(in StoppingContext context) =>
            context.SequenceLength >= contextLength ? FinishReason.ContextFull : null;
    }
}
