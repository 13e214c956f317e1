using LmPlayground.Runs.Jobs;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Replaying;

namespace LmPlayground.Web.State;

/// <summary>The page that runs a demo again: its job, and how it is run.</summary>
internal sealed class ReplayPage : IDisposable
{
    /// <summary>How many sequences are read at once where the demo is one row of several.</summary>
    internal const int Together = 8;

    private readonly IReplayManager _replays;
    private readonly string _id;
    private readonly SharedDemo _demo;
    private readonly PageThread _thread;
    private readonly ThrottledSubscription<ReplayDetail> _watch;
    private string? _tabId;
    private IJob<ReplayDetail>? _job;

    /// <summary>The page of a demo.</summary>
    internal ReplayPage(IReplayManager replays, string id, SharedDemo demo, TimeProvider time, PageThread thread)
    {
        (_replays, _id, _demo, _thread) = (replays, id, demo, thread);
        _watch = new ThrottledSubscription<ReplayDetail>(time, thread.Presence, ShowAsync, thread.FailAsync);
    }

    /// <summary>Whether clicks reach the server.</summary>
    internal bool IsReady => _tabId is not null;

    /// <summary>Whether the demo runs, or waits for its turn.</summary>
    internal bool IsRunning => _job is { IsActive: true };

    /// <summary>Whether a run is one row of eight the next time.</summary>
    internal bool IsRow { get; set; }

    /// <summary>The replay as it was last shown; null before the first.</summary>
    internal JobSnapshot<ReplayDetail>? Snapshot { get; private set; }

    /// <summary>What has failed, in words, or null.</summary>
    internal string? Error => Snapshot?.Error is { } failed ? _thread.Words.Of(failed) : _thread.Failure;

    /// <summary>Finds the replay that this tab has begun of this demo.</summary>
    internal Task ConnectAsync(string tabId)
    {
        _tabId = tabId;
        if (_replays.Find(tabId) is { } job && job.Snapshot.Detail.DemoId == _id)
        {
            IsRow = job.Snapshot.Detail.Rows > 1;
            Follow(job);
        }

        _thread.Render();
        return Task.CompletedTask;
    }

    /// <summary>Runs the demo again.</summary>
    internal void Start()
    {
        if (_tabId is null)
            return;
        _thread.Failure = null;
        Follow(_replays.Start(_tabId, _id, _demo, IsRow ? Together : 1));
    }

    /// <summary>Ends it; there is then no verdict.</summary>
    internal void Stop() => _job?.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    private void Follow(IJob<ReplayDetail> job)
    {
        _job = job;
        Snapshot = job.Snapshot;
        _watch.Attach(job);
    }

    private Task ShowAsync(JobSnapshot<ReplayDetail> snapshot) => _thread.InvokeAsync(() =>
    {
        Snapshot = snapshot;
        _thread.Render();
        return Task.CompletedTask;
    });
}
