namespace LmPlayground.Runs.Jobs;

/// <summary>Something that waits for its turn.</summary>
internal interface IWaiting
{
    /// <summary>What waits.</summary>
    IQueued Queued { get; }

    /// <summary>When it came: a number that grows with each that comes.</summary>
    long Arrival { get; }
}
