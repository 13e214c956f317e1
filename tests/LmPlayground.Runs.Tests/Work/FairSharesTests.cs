using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>What one page may take of the server, and when it gives it back.</summary>
public class FairSharesTests
{
    [Fact]
    public async Task What_a_closed_page_has_begun_ends_at_once_and_what_another_page_watches_goes_on()
    {
        await using var bench = new RunBench(new JobOptions { MaxConcurrent = 2 });
        bench.HoldAfter(1);
        var left = bench.Manager.StartRun("page", RunBench.Request()).Job;
        var waiting = bench.Manager.StartComparison("page", RunBench.Request() with { Columns = [new RunRequest(), new RunRequest()] }).Job;
        var watched = bench.Manager.StartRun("shared", RunBench.Request()).Job;
        using var watch = watched.Subscribe(() => { });
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        bench.Manager.Leave("page");
        bench.Manager.Leave("shared");
        bench.Manager.Leave("nobody");
        Assert.Equal(FinishReason.Cancelled, (await left.End()).Detail.Summary!.FinishReason);
        Assert.Equal(JobStatus.Finished, (await waiting.End()).Status);
        Assert.True(watched.IsActive);
        bench.Release();
        Assert.Equal(FinishReason.Length, (await watched.End()).Detail.Summary!.FinishReason);
    }

    [Theory]
    [InlineData(1 << 20, 1_000_000)]
    [InlineData(40_000, 30_000)]
    public async Task A_long_prompt_is_counted_in_the_memory_of_its_page(int limit, int prompt)
    {
        await using var bench = new RunBench(new JobOptions { PageMemoryLimit = limit });
        var end = await bench.EndOf(RunBench.Request() with { Prompt = new string('x', prompt) });
        Assert.Equal(JobStatus.Failed, end.Status);
        Assert.Contains("One page's runs and comparisons may keep", end.Error?.Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.Memory.Used);
        Assert.Equal(JobStatus.Finished, (await bench.EndOf(RunBench.Request(tokens: 1))).Status);
    }

    [Fact]
    public async Task A_comparison_counts_every_text_of_its_columns()
    {
        await using var bench = new RunBench(new JobOptions { PageMemoryLimit = 100_000 });
        RunRequest[] columns = [.. Enumerable.Range(0, 4).Select(i => new RunRequest { System = new string('x', 20_000) })];
        var end = await bench.Manager.StartComparison("page", RunBench.Request() with { Columns = [.. columns] }).Job.End();
        Assert.Contains("One page's runs and comparisons may keep", end.Error?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_at_the_limit_of_its_page_keeps_what_it_has_and_others_go_on()
    {
        await using var bench = new RunBench(new JobOptions { MaxConcurrent = 2, PageMemoryLimit = 20_000 });
        var end = await bench.EndOf(RunBench.Request(tokens: 400));
        Assert.Equal(JobStatus.Failed, end.Status);
        Assert.InRange(end.Detail.Steps.Count, 2, 399);
        Assert.Equal(JobStatus.Finished, (await bench.EndOf(RunBench.Request(), "other")).Status);
    }
}
