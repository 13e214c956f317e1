using LmPlayground.Models;
using LmPlayground.Models.Catalog;
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
        AssertSame(await bench.Replay.RunAsync(demo, rows: 8, DemoBench.Cancellation));
    }

    [Fact]
    public async Task Another_model_of_that_name_differs_at_a_token_and_the_verdict_says_that_the_model_is_another()
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("transformer", "Once upon a time", 30));
        using var instruct = await bench.Models.AcquireAsync("instruct", DemoBench.Cancellation);
        var verdict = await new DemoReplay(new OneModel(instruct.Model), bench.Engine).RunAsync(demo, cancellationToken: DemoBench.Cancellation);
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

    [Fact]
    public async Task What_is_not_here_as_it_was_there_is_named()
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("ngram", "Once upon a time", 3));
        demo = demo with { Environment = demo.Environment with { OnnxRuntime = "1.0.0", ProcessorFeatures = ["sve"] } };
        var verdict = await bench.Replay.RunAsync(demo, cancellationToken: DemoBench.Cancellation);
        Assert.True(verdict.IsSame);
        Assert.Equal([("onnx_runtime", "1.0.0"), ("processor_features", "sve")], verdict.Causes.Select(cause => (cause.What, cause.Recorded)));
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
