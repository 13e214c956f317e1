namespace LmPlayground.Sampling.Stopping;

/// <summary>One reason to end a run, checked after each token.</summary>
/// <remarks>A criterion that remembers earlier tokens belongs to one sequence. Not thread-safe.</remarks>
public interface IStoppingCriterion
{
    /// <summary>Takes note of a token. Called once for each, in order, those of a run that is continued first.</summary>
    void Observe(in StoppingContext context)
    {
    }

    /// <summary>The reason, if the run ends with the token that was observed last; else null.</summary>
    FinishReason? Check(in StoppingContext context);

    /// <summary>Adds what this criterion knows of the end that it brought about.</summary>
    StopPoint Describe(StopPoint point) => point;

    /// <summary>A copy that another sequence with the same past takes on; itself, where it remembers nothing.</summary>
    IStoppingCriterion Fork() => this;
}

/// <summary>What a criterion may know.</summary>
/// <param name="TokenId">The token that was just generated.</param>
/// <param name="NewTokens">How many tokens this run has generated, that one included.</param>
/// <param name="SequenceLength">Prompt and output together, in tokens.</param>
/// <param name="StopStringFound">Whether the text now holds a stop string.</param>
/// <param name="Confidence">How sure the model was of the token, before any stage.</param>
public readonly record struct StoppingContext(
    int TokenId, int NewTokens, int SequenceLength, bool StopStringFound, TokenConfidence Confidence);

/// <summary>How sure the model was at one token, by its own distribution: at temperature 1 and before any stage.</summary>
/// <param name="Probability">The probability of the token that was taken: 0 to 1.</param>
/// <param name="Entropy">The entropy of the distribution that it was taken from, in bits.</param>
public readonly record struct TokenConfidence(double Probability, double Entropy)
{
    /// <summary>No doubt at all: ends every streak.</summary>
    public static TokenConfidence Certain => new(1, 0);
}
