using System.Collections.Concurrent;
using LmPlayground.Runs.Jobs;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Web.Tests;

/// <summary>Things of which the latest counts, begun at the same time and inside one another.</summary>
public class LatestTurnTests
{
    private const int Threads = 4;
    private const int Each = 2_000;

    [Fact]
    public void Of_turns_that_begin_at_the_same_time_one_is_left_and_all_others_are_cancelled()
    {
        var turns = new LatestTurn();
        var begun = new CancellationToken[Threads][];
        InParallel(thread => begun[thread] = [.. Enumerable.Range(0, Each).Select(_ => turns.Begin())]);
        Assert.Single(begun.SelectMany(all => all), turn => !turn.IsCancellationRequested);
        turns.Dispose();
        Assert.All(begun.SelectMany(all => all), turn => Assert.True(turn.IsCancellationRequested));
    }

    [Fact]
    public void A_turn_that_begins_inside_the_cancellation_of_another_is_the_latest()
    {
        using var turns = new LatestTurn();
        var (first, inner) = (turns.Begin(), default(CancellationToken));
        using var registration = first.Register(() => inner = turns.Begin());
        var outer = turns.Begin();
        Assert.True(first.IsCancellationRequested);
        Assert.True(outer.IsCancellationRequested);
        Assert.False(inner.IsCancellationRequested);
    }

    [Fact]
    public void Whoever_ends_the_latest_turn_disturbs_no_other()
    {
        using var turns = new LatestTurn();
        var ended = new ConcurrentBag<CancellationToken>();
        InParallel(_ =>
        {
            for (var i = 0; i < Each; i++)
            {
                var turn = turns.Begin();
                using var waiting = turn.Register(() => { });
                turns.Dispose();
                ended.Add(turn);
            }
        });

        // Not before: another thread may have taken a turn away and be about to cancel it.
        Assert.All(ended, turn => Assert.True(turn.IsCancellationRequested));
        Assert.False(turns.Begin().IsCancellationRequested);
    }

    [Fact]
    public void What_is_asked_for_by_many_at_once_is_done_once()
    {
        var time = new FakeTimeProvider();
        var done = 0;
        using var debouncer = new Debouncer(
            time,
            TimeSpan.FromSeconds(1),
            () =>
            {
                Interlocked.Increment(ref done);
                return Task.CompletedTask;
            },
            error => Task.FromException(error));
        InParallel(_ =>
        {
            for (var i = 0; i < Each / 10; i++)
                debouncer.Ask();
        });
        time.Advance(TimeSpan.FromSeconds(1));
        SpinWait.SpinUntil(() => Volatile.Read(ref done) > 0, TimeSpan.FromSeconds(10));
        Assert.Equal(1, done);
    }

    [Fact]
    public void Another_job_that_is_followed_from_inside_a_flush_is_the_one_that_is_shown()
    {
        var time = new FakeTimeProvider();
        var (first, second) = (Job(1), Job(2));
        var shown = new List<int>();
        ThrottledSubscription<int>? subscription = null;
        subscription = new ThrottledSubscription<int>(
            time,
            new Presence(),
            snapshot =>
            {
                shown.Add(snapshot.Detail);
                if (shown.Count == 1)
                    subscription!.Attach(second);
                return Task.CompletedTask;
            },
            error => Task.FromException(error));
        using (subscription)
        {
            subscription.Attach(first);
            first.ChangeJob(snapshot => snapshot with { Detail = 10 });
            second.ChangeJob(snapshot => snapshot with { Detail = 20, Status = JobStatus.Finished });
            time.Advance(Throttle.Interval);
            SpinWait.SpinUntil(() => shown.Count > 2, TimeSpan.FromSeconds(10));
            Assert.Equal([1, 2, 20], shown);
        }
    }

    private static FakeJob<int> Job(int detail) => new(detail);

    private static void InParallel(Action<int> act)
    {
        using var together = new Barrier(Threads);
        var failures = new Exception?[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            try
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                act(index);
            }
            catch (Exception exception)
            {
                failures[index] = exception;
            }
        }))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.All(failures, Assert.Null);
    }
}
