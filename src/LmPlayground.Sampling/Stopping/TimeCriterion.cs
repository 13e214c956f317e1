namespace LmPlayground.Sampling.Stopping;

/// <summary>Ends a run whose time is used up. The clock runs from the criterion's making on.</summary>
internal sealed class TimeCriterion(TimeProvider time, TimeSpan budget) : IStoppingCriterion
{
    private readonly long _started = time.GetTimestamp();

    public FinishReason? Check(in StoppingContext context) =>
        time.GetElapsedTime(_started) >= budget ? FinishReason.TimeLimit : null;
}
