namespace LmPlayground.Sampling.Stopping;

/// <summary>One reason to end a run, checked after each token.</summary>
public interface IStoppingCriterion
{
    /// <summary>The reason, if the run ends with this token; else null.</summary>
    FinishReason? Check(in StoppingContext context);
}

/// <summary>What a criterion may know.</summary>
/// <param name="TokenId">The token that was just generated.</param>
/// <param name="NewTokens">How many tokens this run has generated, that one included.</param>
/// <param name="SequenceLength">Prompt and output together, in tokens.</param>
/// <param name="StopStringFound">Whether the text now holds a stop string.</param>
public readonly record struct StoppingContext(int TokenId, int NewTokens, int SequenceLength, bool StopStringFound);
