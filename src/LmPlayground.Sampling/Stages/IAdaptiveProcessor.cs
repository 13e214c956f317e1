namespace LmPlayground.Sampling.Stages;

/// <summary>A stage that follows what is drawn: after each draw it is told how surprising the token was.</summary>
public interface IAdaptiveProcessor : ILogitsProcessor
{
    /// <summary>All that it remembers from one token to the next: with it a run can be taken up again anywhere.</summary>
    double State { get; set; }

    /// <summary>Takes note of a draw.</summary>
    /// <param name="surprise">-log2 of the probability with which the token was drawn.</param>
    void Observe(double surprise);
}
