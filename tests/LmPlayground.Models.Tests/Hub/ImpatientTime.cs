using System.Collections.Concurrent;

namespace LmPlayground.Models.Tests.Hub;

/// <summary>A clock on which every pause is over at once; pauses beyond <see cref="Longest"/> never end.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The pauses that were asked for.</summary>
    public ConcurrentQueue<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > Longest || dueTime < TimeSpan.Zero)
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        Pauses.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
