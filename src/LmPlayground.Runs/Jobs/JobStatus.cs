namespace LmPlayground.Runs.Jobs;

/// <summary>Where a piece of work stands.</summary>
public enum JobStatus
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>Its model is being read into memory.</summary>
    LoadingModel,

    /// <summary>The model reads the prompt.</summary>
    ReadingPrompt,

    /// <summary>What was asked for is coming: tokens, columns, bytes.</summary>
    Working,

    /// <summary>Ended by itself or by whoever cancelled it.</summary>
    Finished,

    /// <summary>Ended by an error.</summary>
    Failed,
}
