using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Reading;
using LmPlayground.Sharing.Replaying;
using LmPlayground.Sharing.Tests.Support;

namespace LmPlayground.Sharing.Tests.Replaying;

public class DemoReplayTests
{
    public static TheoryData<string> Names => DemoRequests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_kind_of_work_reproduces_in_another_engine_and_with_a_warm_cache(string name)
    {
        SharedDemo demo;
        await using (var bench = new DemoBench())
            demo = SharedDemoReader.Read(DemoJson.Write(await bench.DemoAsync(DemoRequests.All[name])));
        await using var other = new DemoBench();
        for (var run = 0; run < 2; run++)
            AssertSame(await other.Replay.RunAsync(demo, cancellationToken: DemoBench.Cancellation));
        await using var cold = new DemoBench(idleSequences: 0);
        AssertSame(await cold.Replay.RunAsync(demo, cancellationToken: DemoBench.Cancellation));
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("lstm")]
    [InlineData("ngram")]
    [InlineData("gpt2")]
    public async Task A_run_reproduces_as_one_row_of_a_batch_of_eight(string model)
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text(model, "Once upon a time", 40));
        AssertSame(await bench.Replay.RunAsync(demo, rows: 8, cancellationToken: DemoBench.Cancellation));
        using var lease = await bench.Models.AcquireAsync(model, DemoBench.Cancellation);
        Assert.True(model is not ("transformer" or "gpt2") || lease.Model is IBatchingModel { BatchesKeepBits: true }, "No batch was tried.");
    }

    [Fact]
    public async Task Another_model_of_that_name_differs_at_a_token_and_the_verdict_says_that_the_model_is_another()
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("transformer", "Once upon a time", 30));
        using var instruct = await bench.Models.AcquireAsync("instruct", DemoBench.Cancellation);
        var verdict = await bench.ReplayWith(new OneModel(instruct.Model)).RunAsync(demo, cancellationToken: DemoBench.Cancellation);
        Assert.False(verdict.IsSame);
        var run = Assert.Single(verdict.Runs);
        Assert.Equal(0, run.Numbers!.Index);
        Assert.Equal("model", verdict.Causes[0].What);
        Assert.NotNull(run.Tokens);
        Assert.Equal(demo.Runs[0].Steps.Ids[run.Tokens.Index], run.Tokens.Recorded!.Id);
        Assert.NotEqual(run.Tokens.Recorded.Id, run.Tokens.Replayed!.Id);
        Assert.NotEqual(run.First!.Recorded!.Entropy, run.First.Replayed!.Entropy);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public async Task A_demo_that_says_another_number_or_token_differs_there(int at)
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("ngram", "Once upon a time", 12));
        var run = demo.Runs[0];
        var numbers = demo with { Runs = [run with { Steps = run.Steps with { Entropies = run.Steps.Entropies.SetItem(at, Math.BitIncrement(run.Steps.Entropies[at])) } }] };
        var verdict = (await bench.Replay.RunAsync(numbers, cancellationToken: DemoBench.Cancellation)).Runs[0];
        Assert.Equal((null, at), (verdict.Tokens?.Index, verdict.Numbers?.Index));

        var shorter = demo with { Runs = [run with { Request = run.Request with { Stopping = run.Request.Stopping with { StopTokenIds = [run.Steps.Ids[at]] } } }] };
        verdict = (await bench.Replay.RunAsync(shorter, cancellationToken: DemoBench.Cancellation)).Runs[0];
        var first = run.Steps.Ids.IndexOf(run.Steps.Ids[at]);
        Assert.Equal((first + 1, null), (verdict.Tokens?.Index, verdict.Tokens?.Replayed));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_kind_of_work_reproduces_where_its_runs_are_rows_of_eight(string name)
    {
        await using var bench = new DemoBench();
        AssertSame(await bench.Replay.RunAsync(await bench.DemoAsync(DemoRequests.All[name]), rows: 8, cancellationToken: DemoBench.Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_branch_reproduces_from_where_it_leaves(int rows)
    {
        await using var bench = new DemoBench();
        var request = DemoRequests.Text("transformer", "Once upon a time", 6);
        var (first, _) = await bench.RunAsync(request);
        var hot = request.With(StageSettings.Of(TemperatureStage.Temperature), 1.7);
        var (second, _) = await bench.RunAsync(hot, first);
        var (third, detail) = await bench.RunAsync(request, second);
        var demo = await bench.Maker.MakeAsync(detail, third.Review, cancellationToken: DemoBench.Cancellation);
        Assert.Equal(3, demo.Runs.Length);
        AssertSame(await bench.Replay.RunAsync(demo, rows, cancellationToken: DemoBench.Cancellation));
    }

    [Theory]
    [InlineData("not-here")]
    [InlineData("")]
    public async Task A_model_that_is_not_here_is_named_and_other_columns_go_on(string id)
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.All["comparison"]);
        demo = demo with { Models = [demo.Models[0] with { Id = id, Name = "Lost model" }, .. demo.Models[1..]] };
        var verdict = await bench.Replay.RunAsync(demo, cancellationToken: DemoBench.Cancellation);
        Assert.False(verdict.IsSame);
        Assert.Equal("replay.model_missing", verdict.Runs[0].Error!.Code);
        Assert.Contains("Lost model", verdict.Runs[0].Error!.Text, StringComparison.Ordinal);
        Assert.True(verdict.Runs[2].IsSame);
    }

    /// <summary>A loader takes a folder for a name; a stranger's document must not choose which folder of the server is read.</summary>
    [Fact]
    public async Task A_demo_cannot_name_a_folder_of_the_server()
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("ngram", "Once upon a time", 3));
        var folder = Path.Combine(TestFiles.EmbeddedModels, "ngram");
        demo = demo with { Models = [demo.Models[0] with { Id = folder }] };
        Assert.Equal("replay.model_missing", (await bench.Replay.RunAsync(demo, cancellationToken: DemoBench.Cancellation)).Runs[0].Error!.Code);
    }

    [Fact]
    public async Task A_model_of_that_name_with_another_vocabulary_says_so()
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("transformer", "Once upon a time", 3));
        using var other = await bench.Models.AcquireAsync("characters", DemoBench.Cancellation);
        var verdict = await bench.ReplayWith(new OneModel(other.Model)).RunAsync(demo, cancellationToken: DemoBench.Cancellation);
        Assert.Equal("replay.other_vocabulary", verdict.Runs[0].Error!.Code);
        Assert.Contains(verdict.Causes, cause => cause.What == "model");
    }

    [Theory]
    [InlineData("ngram")]
    [InlineData("beams")]
    public async Task The_server_generates_no_longer_text_for_a_demo_than_for_a_page(string name)
    {
        SharedDemo demo;
        await using (var bench = new DemoBench())
            demo = await bench.DemoAsync(DemoRequests.All[name]);
        await using var strict = new DemoBench(mostNewTokens: 4);
        Assert.Equal("run.too_many_tokens", (await strict.Replay.RunAsync(demo, cancellationToken: DemoBench.Cancellation)).Runs[0].Error!.Code);
    }

    [Fact]
    public async Task A_page_has_one_replay_at_a_time_in_the_queue_of_all_and_it_can_be_cancelled()
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("ngram", "Once upon a time", 12));
        var replays = bench.Replays;
        Assert.Null(replays.Find("page-of-demo"));
        var job = replays.Start("page-of-demo", "id", demo, rows: 8);
        Assert.Same(job, replays.Find("page-of-demo"));
        await job.Completion.WaitAsync(TimeSpan.FromMinutes(2), DemoBench.Cancellation);
        Assert.Equal((JobStatus.Finished, 12, 12, 8), (job.Status, job.Snapshot.Detail.Done, job.Snapshot.Detail.Total, job.Snapshot.Detail.Rows));
        Assert.True(job.Snapshot.Detail.Verdict!.IsSame);

        var stopped = replays.Start("page-of-demo", "id", await bench.DemoAsync(DemoRequests.Text("gpt2", "Once upon a time", 60)), rows: 1);
        stopped.Cancel();
        await stopped.Completion.WaitAsync(TimeSpan.FromMinutes(2), DemoBench.Cancellation);
        Assert.Null(stopped.Snapshot.Detail.Verdict);
        Assert.Equal(JobStatus.Finished, stopped.Status);
    }

    [Fact]
    public async Task What_is_not_here_as_it_was_there_is_named()
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("ngram", "Once upon a time", 3));
        demo = demo with { Environment = demo.Environment with { OnnxRuntime = "1.0.0", ProcessorFeatures = ["sve"] } };
        var verdict = await bench.Replay.RunAsync(demo, cancellationToken: DemoBench.Cancellation);
        Assert.True(verdict.IsSame);
        Assert.Equal([("onnx_runtime", "1.0.0"), ("processor_features", "sve")], verdict.Causes.Select(cause => (cause.What, cause.Recorded)));
        Assert.Contains("1.0.0 there", verdict.Causes[0].Sentence.Text, StringComparison.Ordinal);
    }

    private static void AssertSame(DemoVerdict verdict)
    {
        Assert.NotEmpty(verdict.Runs);
        Assert.All(verdict.Runs, run => Assert.True(run.IsSame, $"{run.Run} differs at {run.First?.Index}: {run.First?.Recorded?.Display} {run.First?.Recorded?.Entropy:R}, {run.First?.Replayed?.Display} {run.First?.Replayed?.Entropy:R}"));
        Assert.Empty(verdict.Causes);
    }

    /// <summary>A loader whose every name is one model.</summary>
    private sealed class OneModel(IModel model) : IModelLoader
    {
        public Task<ModelLease> AcquireAsync(string idOrDirectory, CancellationToken cancellationToken = default) => Task.FromResult(new ModelLease(model));

        public bool Unload(string id) => false;
    }
}
