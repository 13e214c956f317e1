using LmPlayground.Runs.Jobs;

namespace LmPlayground.Runs.Tests.Jobs;

public class JobStormTests
{
    [Fact]
    public async Task A_thousand_jobs_of_many_threads_with_random_cancels_all_end_within_the_limit()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 3, MaxQueued = 2000 });
        var (running, most) = (0, 0);
        var jobs = new IJob<int>[1008];
        var threads = Enumerable.Range(0, 16).Select(t => new Thread(() =>
        {
            var random = new Random(t);
            for (var i = t; i < jobs.Length; i += 16)
            {
                GatedTask task = null!;
                task = new GatedTask
                {
                    Work = _ =>
                    {
                        var now = Interlocked.Increment(ref running);
                        InterlockedMax(ref most, now);
                        Thread.Yield();
                        Interlocked.Decrement(ref running);
                        task.End();
                    },
                };

                // A fifth of the jobs replace others.
                jobs[i] = bench.Start(task, $"{(random.Next(5) == 0 ? random.Next(jobs.Length) : i)}");
                if (random.Next(3) == 0)
                    Volatile.Read(ref jobs[random.Next(i + 1)])?.Cancel();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        await Task.WhenAll(jobs.Select(job => job.Completion)).Soon();
        Assert.InRange(most, 1, 3);
        Assert.All(jobs, job => Assert.Equal((JobStatus.Finished, 0), (job.Status, job.Snapshot.QueuePosition)));

        // No turn was lost: as many as ever run at the same time.
        var last = Enumerable.Range(0, 3).Select(i => new GatedTask()).ToList();
        for (var i = 0; i < 3; i++)
            bench.Start(last[i], $"last {i}");
        await Task.WhenAll(last.Select(task => task.Begun)).Soon();
    }

    [Fact]
    public void Places_are_right_and_contiguous_whoever_leaves()
    {
        var queue = new JobQueue(new JobLane("test", 2, 100, 1000, "busy"));
        var random = new Random(5);
        List<(Queued Place, JobQueue.Ticket Ticket)> present = [];
        for (var i = 0; i < 2000; i++)
        {
            if (present.Count == 0 || random.Next(5) < 3)
            {
                var place = new Queued();
                if (queue.Enter(place, out _) is { } ticket)
                    present.Add((place, ticket));
                else
                    Assert.Equal(102, present.Count);
            }
            else
            {
                var at = random.Next(present.Count);
                present[at].Ticket.Dispose();
                present[at].Ticket.Dispose();
                Assert.Equal(0, present[at].Place.Position);
                present.RemoveAt(at);
            }

            Assert.Equal(present.Select((_, index) => Math.Max(0, index - 1)), present.Select(one => one.Place.Position));
            Assert.All(present, one => Assert.Equal((one.Place.Position == 0, one.Place.Position), (one.Ticket.Turn.IsCompleted, one.Place.Told)));
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
