using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Cli;

namespace LmPlayground.Web.Tests.Cli;

/// <summary>Work of a command that fails: what nobody has foreseen goes to standard error with its stack, and is not taken for the reader's mistake.</summary>
public class CliRunsTests
{
    [Fact]
    public async Task A_fault_of_the_program_is_no_refusal_and_its_stack_is_on_standard_error()
    {
        var (end, log) = await RunAsync(new ArgumentException("innards"));
        Assert.Equal((JobStatus.Failed, false), (end.Status, end.IsRefusal));
        Assert.DoesNotContain("innards", end.Error?.Text, StringComparison.Ordinal);
        Assert.Contains("innards", log, StringComparison.Ordinal);
        Assert.Contains(nameof(RunWork), log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_for_is_refused_in_its_own_words_alone()
    {
        var (end, log) = await RunAsync(new ModelUseException("test", $"It reads no source."));
        Assert.Equal((JobStatus.Failed, true, "It reads no source."), (end.Status, end.IsRefusal, end.Error?.Text));
        Assert.Equal("", log);
    }

    private static async Task<(JobSnapshot<RunDetail> End, string Log)> RunAsync(Exception failure)
    {
        using var error = new StringWriter();
        await using var runs = new CliRuns(new Failing(failure), topCandidates: 5, error);
        var work = new RunWork(new RunRequest { Model = "any", Prompt = "Once" }, runs.Services);
        var end = await runs.FollowAsync(work, _ => Task.CompletedTask, TestContext.Current.CancellationToken);
        return (end, error.ToString());
    }

    private sealed class Failing(Exception failure) : IModelLoader
    {
        public async Task<ModelLease> AcquireAsync(string idOrDirectory, CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            throw failure;
        }

        public bool Unload(string id) => false;
    }
}
