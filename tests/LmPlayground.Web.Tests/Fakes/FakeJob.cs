using System.Collections.Immutable;
using LmPlayground.Runs.Jobs;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>A job that a test drives: each change is there at once, and those who watch are told on the writer's thread.</summary>
internal class FakeJob<TDetail>(TDetail detail) : IJob<TDetail>
{
    private readonly TaskCompletionSource _completion = new();
    private ImmutableList<Action> _subscribers = [];

    public JobKey Key { get; } = new("page", "fake");

    public JobSnapshot<TDetail> Snapshot { get; private set; } = new() { Status = JobStatus.Working, Detail = detail };

    public JobStatus Status => Snapshot.Status;

    public bool IsActive => Snapshot.IsActive;

    public TimeSpan Unwatched => TimeSpan.Zero;

    public Task Completion => _completion.Task;

    public IJobTask<TDetail> Task => throw new NotSupportedException("A fake does nothing.");

    public int Subscribers => _subscribers.Count;

    public bool IsCancelled { get; private set; }

    public void ChangeJob(Func<JobSnapshot<TDetail>, JobSnapshot<TDetail>> change)
    {
        Snapshot = change(Snapshot);
        if (!Snapshot.IsActive)
            _completion.TrySetResult();
        foreach (var changed in _subscribers)
            changed();
    }

    public void Change(Func<TDetail, TDetail> change) => ChangeJob(snapshot => snapshot with { Detail = change(snapshot.Detail) });

    public virtual void Cancel() => IsCancelled = true;

    public IDisposable Subscribe(Action changed)
    {
        ImmutableInterlocked.Update(ref _subscribers, list => list.Add(changed));
        return new Subscription(() => ImmutableInterlocked.Update(ref _subscribers, list => list.Remove(changed)));
    }
}

internal sealed class Subscription(Action end) : IDisposable
{
    public void Dispose() => end();
}
