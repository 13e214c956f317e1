using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Jobs;

/// <summary>A job as it stands at one moment. Immutable.</summary>
/// <typeparam name="TDetail">What there is of the work: steps, columns, bytes. Immutable too.</typeparam>
public sealed record JobSnapshot<TDetail>
{
    /// <summary>Where the job stands.</summary>
    public JobStatus Status { get; init; }

    /// <summary>Its place in its lane's queue, from 1; 0 when it does not wait.</summary>
    public int QueuePosition { get; init; }

    /// <summary>How much of the present part of the work is done: 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Why it failed, in words for people; null unless it has.</summary>
    public Message? Error { get; init; }

    /// <summary>Whether it failed by the fault of what was asked for.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>What there is of the work.</summary>
    public required TDetail Detail { get; init; }

    /// <summary>Whether it goes on. What is not active never changes again.</summary>
    public bool IsActive => Status is not (JobStatus.Finished or JobStatus.Failed);
}
