using LmPlayground.Runs.Jobs;

namespace LmPlayground.Runs.Tests.Jobs;

public class JobMemoryTests
{
    [Fact]
    public async Task What_can_be_computed_again_gives_way_to_what_jobs_account()
    {
        await using var bench = new JobBench(new JobOptions { MemoryLimit = 1000 });
        var logits = new Logits();
        var registration = bench.Manager.Memory.Register(logits);
        Assert.Equal(1000, logits.Share);
        await bench.Ended("1", bytes: 300);
        Assert.Equal(700, logits.Share);
        var more = new Logits();
        using (bench.Manager.Memory.Register(more))
            Assert.Equal((350, 350), (logits.Share, more.Share));
        Assert.Equal(700, logits.Share);
        Assert.True(bench.Manager.Forget(JobBench.Key("1")));
        Assert.Equal(1000, logits.Share);
        registration.Dispose();
        registration.Dispose();
        await bench.Ended("2", bytes: 300);
        Assert.Equal(1000, logits.Share);
    }

    [Fact]
    public async Task Finished_jobs_that_nobody_watches_make_room_oldest_first_and_no_more_than_needed()
    {
        await using var bench = new JobBench(new JobOptions { MemoryLimit = 1000 });
        var (watched, _) = await bench.Ended("watched", bytes: 100);
        using var watch = watched.Subscribe(() => { });
        var tasks = new List<GatedTask>();
        foreach (var page in new[] { "empty", "1", "2", "3" })
        {
            tasks.Add((await bench.Ended(page, page == "empty" ? 0 : 300)).Task);
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await bench.Ended("4", bytes: 301);
        Assert.Equal([0, 1, 1, 0], tasks.Select(task => task.Disposed));
        Assert.Equal(["watched", "empty", "3", "4"], bench.Manager.List().Select(job => job.Key.Owner));
        Assert.Equal(701, bench.Manager.Memory.Used);
    }

    [Fact]
    public async Task A_job_that_finds_no_room_ends_with_what_it_has_and_disturbs_nobody()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 2, MemoryLimit = 1000 });
        var small = new GatedTask { Bytes = 400 };
        var other = bench.Start(small, "small");
        await small.Begun.Soon();
        var large = bench.Start(new GatedTask
        {
            Bytes = 500,
            Work = context =>
            {
                context.Update(snapshot => snapshot with { Detail = 7 });
                context.Account(101);
            },
        }, "large");
        await large.Completion.Soon();
        Assert.Equal((JobStatus.Failed, 7), (large.Status, large.Snapshot.Detail));
        Assert.Contains("fewer tokens", large.Snapshot.Error?.Text, StringComparison.Ordinal);
        Assert.True(other.IsActive);
        Assert.Equal(900, bench.Manager.Memory.Used);
        small.Context!.Account(100);
        Assert.Equal(1000, bench.Manager.Memory.Used);
    }

    [Fact]
    public async Task Bytes_are_given_back_once_and_late_ones_are_not_counted()
    {
        await using var bench = new JobBench();
        var (job, task) = await bench.Ended("1", bytes: 10);
        await bench.Ended("2", bytes: 5);
        bench.Manager.Forget(job.Key);
        task.Context!.Account(3);
        ((IDisposable)job).Dispose();
        Assert.Equal((5L, 0L), (bench.Manager.Memory.Used, task.Context.Accounted));
        Assert.Throws<ArgumentOutOfRangeException>(() => task.Context.Account(-1));
    }

    [Fact]
    public async Task Many_threads_never_exceed_the_limit_and_the_sum_is_right()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 8, MemoryLimit = 10_000 });
        var logits = new Logits();
        using var registration = bench.Manager.Memory.Register(logits);
        var jobs = Enumerable.Range(0, 64).Select(i => bench.Start(
            new GatedTask
            {
                Work = context =>
                {
                    for (var k = 0; k < 100; k++)
                    {
                        context.Account(3);
                        Assert.InRange(bench.Manager.Memory.Used, 0, 10_000);
                    }

                    throw new InvalidOperationException("done");
                },
            },
            $"{i}")).ToList();
        var bump = new Thread(() =>
        {
            while (jobs.Exists(job => !job.Completion.IsCompleted))
                bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        });
        bump.Start();
        await Task.WhenAll(jobs.Select(job => job.Completion)).Soon();
        bump.Join();
        Assert.InRange(bench.Manager.Memory.Used, 300, 10_000);
        Assert.Equal(10_000 - bench.Manager.Memory.Used, logits.Share);
        foreach (var job in bench.Manager.List())
            bench.Manager.Forget(job.Key);
        Assert.Equal((0, 10_000), (bench.Manager.Memory.Used, logits.Share));
    }

    [Fact]
    public async Task One_page_keeps_no_more_than_its_share_and_forgets_its_own_before_it_is_refused()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 8, MemoryLimit = 1000, PageMemoryLimit = 300 });
        var (other, otherTask) = await bench.Ended("other page", bytes: 300);
        var comparison = new GatedTask { Bytes = 200 };
        var old = bench.Manager.Start(new JobKey("page", "comparison"), comparison, new JobStart { Lane = bench.Manager.Models });
        await comparison.Begun.Soon();
        comparison.End();
        await old.Completion.Soon();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        var run = new GatedTask { Bytes = 150 };
        var job = bench.Start(run);
        await run.Begun.Soon();
        Assert.Equal((1, 0), (comparison.Disposed, otherTask.Disposed));
        Assert.Null(bench.Manager.Find(old.Key));
        run.Context!.Account(150);
        var error = Assert.Throws<MemoryLimitException>(() => run.Context.Account(1));
        Assert.Contains("One page's runs", error.Message, StringComparison.Ordinal);
        Assert.Equal((600, true), (bench.Manager.Memory.Used, job.IsActive));
        Assert.Same(other, bench.Manager.Find(other.Key));

        // What a page gives back it may take again.
        run.End();
        await job.Completion.Soon();
        Assert.True(bench.Manager.Forget(job.Key));
        await bench.Ended("page", bytes: 300);
        Assert.Equal(600, bench.Manager.Memory.Used);
    }

    [Fact]
    public async Task What_a_request_keeps_is_counted_when_its_turn_comes_and_refused_where_there_is_no_room()
    {
        await using var bench = new JobBench(new JobOptions { MaxConcurrent = 2, MemoryLimit = 1000 });
        var first = new GatedTask { InitialBytes = 600 };
        bench.Start(first, "1");
        await first.Begun.Soon();
        Assert.Equal(600, bench.Manager.Memory.Used);
        var refused = bench.Start(new GatedTask { InitialBytes = 401 }, "2");
        await refused.Completion.Soon();
        Assert.Equal((JobStatus.Failed, 600L), (refused.Status, bench.Manager.Memory.Used));
        Assert.Contains("is full", refused.Snapshot.Error?.Text, StringComparison.Ordinal);
        Assert.True(first.Context!.Snapshot.IsActive);
    }

    [Fact]
    public async Task A_page_that_has_filled_its_share_begins_anew_with_what_the_replaced_job_gives_back()
    {
        await using var bench = new JobBench(new JobOptions { PageMemoryLimit = 1000 });
        var (full, _) = await bench.Ended("page", bytes: 1000);
        using var watched = full.Subscribe(() => { });
        var next = new GatedTask { InitialBytes = 500, Bytes = 500 };
        var job = bench.Start(next);
        await next.Begun.Soon();
        Assert.Equal((1000L, true), (bench.Manager.Memory.Used, job.IsActive));
    }

    [Fact]
    public async Task A_job_at_the_limit_ends_in_one_line_of_the_log_that_is_no_fault_of_the_server()
    {
        await using var bench = new JobBench(new JobOptions { PageMemoryLimit = 10 });
        var job = bench.Start(new GatedTask { Bytes = 11 });
        await job.Completion.Soon();
        var line = Assert.Single(bench.Log);
        Assert.Equal(("A job (1) ended: out of the memory for runs after 0.0 s", null), (line.Text, line.Exception));
    }

    private sealed class Logits : IReclaimable
    {
        internal long Share { get; private set; }

        public void Reclaim(long share) => Share = share;
    }
}
