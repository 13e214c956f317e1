using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.JSInterop;

namespace LmPlayground.Web.Tests.State;

/// <summary>A page watches only while its browser is there.</summary>
public class PresenceTests
{
    [Fact]
    public void A_page_whose_line_is_cut_watches_nothing_and_is_told_when_it_is_back()
    {
        var (presence, job, told) = (new Presence(), new FakeJob<int>(0), 0);
        var watch = presence.Subscribe(job, () => told++);
        Assert.Equal((1, true), (job.Subscribers, presence.IsWatching));
        presence.SetConnected(false);
        Assert.Equal((0, 0, true), (job.Subscribers, told, presence.IsWatching));
        job.Change(_ => 7);
        Assert.Equal(0, told);
        presence.SetConnected(true);
        Assert.Equal((1, 1), (job.Subscribers, told));

        // Both have to hold, and saying so twice changes nothing.
        presence.SetAnswering(false);
        presence.SetConnected(true);
        Assert.Equal((0, 1), (job.Subscribers, told));
        presence.SetAnswering(true);
        presence.SetAnswering(true);
        Assert.Equal((1, 2), (job.Subscribers, told));
        watch.Dispose();
        watch.Dispose();
        Assert.Equal((0, false), (job.Subscribers, presence.IsWatching));
        presence.SetConnected(false);
        presence.SetConnected(true);
        Assert.Equal((0, 2), (job.Subscribers, told));
    }

    [Fact]
    public void What_is_watched_while_the_line_is_cut_is_seen_when_it_is_back()
    {
        var (presence, job, told) = (new Presence(), new FakeJob<int>(0), 0);
        presence.SetConnected(false);
        using var watch = presence.Subscribe(job, () => told++);
        Assert.Equal((0, 0), (job.Subscribers, told));
        presence.SetConnected(true);
        Assert.Equal((1, 1), (job.Subscribers, told));
    }

    [Fact]
    public void A_watcher_may_look_at_the_presence_that_tells_it()
    {
        var (presence, job) = (new Presence(), new FakeJob<int>(0));
        var told = new TaskCompletionSource();
        using var watch = presence.Subscribe(job, () =>
        {
            // On another thread: a lock that is held here would keep it out.
            Assert.True(Task.Run(() => presence.IsWatching).Wait(TimeSpan.FromSeconds(30)));
            told.SetResult();
        });
        presence.SetConnected(false);
        presence.SetConnected(true);
        Assert.True(told.Task.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_ends_within_45_seconds_of_a_cut_line_and_goes_on_while_the_browser_isAnswering(bool socketNotices)
    {
        var time = new FakeTimeProvider();
        await using var jobs = new JobManager(new JobOptions(), time, NullLogger<JobManager>.Instance);
        var (presence, line, task) = (new Presence(), new Line(), new EndlessTask());
        var job = jobs.Start(new JobKey("tab", "run"), task, new JobStart { Lane = jobs.Models });
        using var watch = presence.Subscribe(job, () => { });
        using var heartbeat = new Heartbeat(line, presence, time);
        var beating = line.Begin(heartbeat);
        await task.Begun;
        for (var second = 0; second < 120; second++)
            line.Advance(time);
        Assert.True(job.IsActive);
        Assert.InRange(line.Asked, 20, 24);

        line.IsCut = true;
        if (socketNotices)
            presence.SetConnected(false);
        for (var second = 0; second < 45 && job.IsActive; second++)
            line.Advance(time);
        await job.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(task.IsCancelled);
        line.End(heartbeat);
        await beating;
    }

    [Fact]
    public async Task A_short_loss_of_the_line_ends_nothing()
    {
        var time = new FakeTimeProvider();
        await using var jobs = new JobManager(new JobOptions(), time, NullLogger<JobManager>.Instance);
        var (presence, line, task) = (new Presence(), new Line(), new EndlessTask());
        var job = jobs.Start(new JobKey("tab", "run"), task, new JobStart { Lane = jobs.Models });
        using var watch = presence.Subscribe(job, () => { });
        using var heartbeat = new Heartbeat(line, presence, time);
        var beating = line.Begin(heartbeat);
        for (var loss = 0; loss < 3; loss++)
        {
            line.IsCut = true;
            for (var second = 0; second < 18; second++)
                line.Advance(time);
            line.IsCut = false;
            for (var second = 0; second < 25; second++)
                line.Advance(time);
        }

        Assert.True(job.IsActive);
        line.End(heartbeat);
        await beating;
    }

    [Fact]
    public async Task A_browser_that_watches_nothing_is_not_asked()
    {
        var (time, line) = (new FakeTimeProvider(), new Line());
        using var heartbeat = new Heartbeat(line, new Presence(), time);
        var beating = line.Begin(heartbeat);
        for (var second = 0; second < 60; second++)
            line.Advance(time);
        Assert.Equal(0, line.Asked);
        line.End(heartbeat);
        await beating;
    }

    /// <summary>A browser at the end of a line that can be cut: then it never answers.</summary>
    /// <remarks>What is asked runs on a thread of its own, as a page does, so that a second of the clock has passed when all that it brings about is done.</remarks>
    private sealed class Line : SynchronizationContext, IJSRuntime
    {
        private readonly Queue<Action> _posted = [];

        internal bool IsCut { get; set; }

        internal int Asked { get; private set; }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => InvokeAsync<TValue>(identifier, CancellationToken.None, args);

        public async ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args)
        {
            Asked++;
            if (!IsCut)
                return default!;
            var never = new TaskCompletionSource<TValue>();
            await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            return await never.Task;
        }

        internal Task Begin(Heartbeat heartbeat) => Here(heartbeat.BeatAsync);

        internal void End(Heartbeat heartbeat)
        {
            heartbeat.Dispose();
            Pump();
        }

        internal void Advance(FakeTimeProvider time)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Pump();
        }

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (_posted)
                _posted.Enqueue(() => d(state));
        }

        private void Pump()
        {
            while (Next() is { } act)
            {
                Here(() =>
                {
                    act();
                    return Task.CompletedTask;
                });
            }
        }

        private Action? Next()
        {
            lock (_posted)
                return _posted.TryDequeue(out var act) ? act : null;
        }

        private Task Here(Func<Task> act)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                return act();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }

    private sealed class EndlessTask : IJobTask<int>
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Begun => _begun.Task;

        internal bool IsCancelled { get; private set; }

        public int Initial => 0;

        public async Task RunAsync(JobContext<int> job)
        {
            _begun.TrySetResult();
            var ended = new TaskCompletionSource();
            await using var registration = job.Cancelled.Register(() => ended.TrySetResult());
            await ended.Task;
            IsCancelled = true;
            job.Cancelled.ThrowIfCancellationRequested();
        }

        public Message Explain(Exception exception) => Message.Of("test", $"{exception.Message}");

        public void Dispose()
        {
        }
    }
}
