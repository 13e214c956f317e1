using LmPlayground.Generation;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Sharing.Links;
using LmPlayground.Sharing.Making;
using LmPlayground.Sharing.Reading;
using LmPlayground.Sharing.Tests.Support;

namespace LmPlayground.Sharing.Tests.Making;

public class DemoMakerTests
{
    public static TheoryData<string> Names => DemoRequests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_kind_of_work_becomes_a_document_that_gives_the_same_bytes_again(string name)
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.All[name], words: new DemoWords("A title", "What it shows", "A note\nof two lines"));
        var bytes = DemoJson.Write(demo);
        Assert.Equal(bytes, DemoJson.Write(SharedDemoReader.Read(bytes)));
        Assert.Equal((1, "A title", 0), (demo.Version, demo.Title, demo.Created.Second));
        Assert.All(demo.Models, model => Assert.Equal((64, 64), (model.ContentHash.Length, model.TokenizerHash.Length)));
        Assert.All(demo.Models, model => Assert.NotEmpty(model.WeightsFile));
    }

    [Fact]
    public async Task A_run_becomes_the_steps_that_it_had()
    {
        await using var bench = new DemoBench();
        var (run, detail) = await bench.RunAsync(DemoRequests.All["stop-string"]);
        var demo = SharedDemoReader.Read(DemoJson.Write(await bench.Maker.MakeAsync(detail, run.Review, cancellationToken: DemoBench.Cancellation)));
        var shown = DemoTokens.Of(demo, demo.Runs[0]);
        Assert.Equal(detail.Steps.Count, shown.Length);
        foreach (var (was, now) in detail.Steps.Zip(shown))
            AssertShows(was, now);
        Assert.Equal(detail.Summary!.Text, demo.Runs[0].Text);
        Assert.Equal(detail.Summary.Stop, shown[^1].Stop);
        Assert.Equal(detail.PromptIds, demo.Runs[0].PromptIds);
        Assert.Equal(detail.Sampling, demo.Runs[0].Strategy.Sampling(new SamplingOptions()));
    }

    [Theory]
    [InlineData("beams")]
    [InlineData("best-of")]
    public async Task Every_token_of_every_sequence_of_a_search_is_named(string name)
    {
        await using var bench = new DemoBench();
        var (run, detail) = await bench.RunAsync(DemoRequests.All[name]);
        var demo = SharedDemoReader.Read(DemoJson.Write(await bench.Maker.MakeAsync(detail, run.Review, contents: new DemoContents { Candidates = 1 }, cancellationToken: DemoBench.Cancellation)));
        var search = demo.Runs[0].Search!;
        var ids = search.Live.Concat(search.Finished).Concat(search.Returned).SelectMany(beam => beam.Ids).Distinct().ToList();
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.Equal(detail.Beams!.Tokenizer.Describe(id), demo.Models[0].TokenTexts[demo.Models[0].TokenIds.IndexOf(id)]));
    }

    [Fact]
    public async Task A_run_that_went_on_under_other_settings_is_a_branch_and_one_under_the_same_is_not()
    {
        await using var bench = new DemoBench();
        var request = DemoRequests.Text("ngram", "Once upon a time", 4);
        var (first, _) = await bench.RunAsync(request);
        var (same, _) = await bench.RunAsync(request, first);
        var (other, detail) = await bench.RunAsync(request.With(StageSettings.Of(TopKStage.K), 3), same);
        var demo = SharedDemoReader.Read(DemoJson.Write(await bench.Maker.MakeAsync(detail, other.Review, cancellationToken: DemoBench.Cancellation)));
        Assert.Equal([("r0", null, null), ("r1", "r0", 8)], demo.Runs.Select(run => (run.Id, run.Parent, run.Position)));
        Assert.Equal([8, 4], demo.Runs.Select(run => run.Steps.Count));
        Assert.Equal(detail.Steps.Select(step => step.Id), demo.Runs.SelectMany(run => run.Steps.Ids));
        Assert.True((await bench.Replay.RunAsync(demo, cancellationToken: DemoBench.Cancellation)).IsSame);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("masked-fill")]
    [InlineData("source")]
    [InlineData("guidance")]
    [InlineData("comparison")]
    public async Task Logits_that_were_let_go_are_computed_again_and_give_the_same_histograms(string name)
    {
        await using var keeps = new DemoBench();
        await using var forgets = new DemoBench(keptLogits: 0);
        var (kept, again) = (await keeps.DemoAsync(DemoRequests.All[name]), await forgets.DemoAsync(DemoRequests.All[name]));
        foreach (var (one, other) in kept.Runs.Zip(again.Runs))
        {
            Assert.Equal(one.Steps.Tail!.Bins, other.Steps.Tail!.Bins);
            Assert.Equal(one.Steps.Tail.Means, other.Steps.Tail.Means);
            Assert.Equal(one.Steps.Tail.Depths, other.Steps.Tail.Depths);
            Assert.Equal(one.Steps.Candidates.Gaps, other.Steps.Candidates.Gaps);
        }
    }

    [Fact]
    public async Task What_has_no_token_yet_is_refused_and_so_are_words_that_are_too_long()
    {
        await using var bench = new DemoBench();
        var (run, detail) = await bench.RunAsync(DemoRequests.All["ngram"]);
        var nothing = await Assert.ThrowsAsync<SharedDemoException>(() => bench.Maker.MakeAsync(detail with { Steps = [] }, run.Review, cancellationToken: DemoBench.Cancellation));
        Assert.Equal("demo.nothing", nothing.Code);
        var words = new DemoWords(new string('x', DemoLimits.Title + 1));
        var wordy = await Assert.ThrowsAsync<SharedDemoException>(() => bench.Maker.MakeAsync(detail, run.Review, words, cancellationToken: DemoBench.Cancellation));
        Assert.Equal("demo.words_too_long", wordy.Code);
        Assert.Equal(["title", 201, 200], wordy.Arguments);
    }

    [Fact]
    public async Task Tokens_256_with_20_candidates_each_and_their_logits_take_at_most_64_KB_compressed()
    {
        await using var bench = new DemoBench();
        var demo = await bench.DemoAsync(DemoRequests.Text("transformer", "Once upon a time", 256));
        Assert.Equal(256, demo.Runs[0].Steps.Count);
        Assert.True(demo.Runs[0].Steps.Candidates.Counts.Min() >= 20);
        var document = DemoJson.Write(demo);
        var packed = DemoLink.Compress(document).Length;
        var bare = DemoLink.Compress(DemoJson.Write(demo with { Runs = [demo.Runs[0] with { Steps = demo.Runs[0].Steps with { Tail = null } }] })).Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{document.Length:N0} bytes, {packed:N0} compressed, {bare:N0} without histograms");
        Assert.InRange(packed, 1, 64 << 10);
    }

    private static void AssertShows(TokenStep was, TokenStep now)
    {
        Assert.Equal(
            (was.Position, was.Id, was.Text, was.Released, was.Display, was.Rank, was.Draw, was.IsForced),
            (now.Position, now.Id, now.Text, now.Released, now.Display, now.Rank, now.Draw, now.IsForced));
        Assert.Equal((was.Logit, was.Surprisal, was.Entropy, was.SamplerStateAfter), (now.Logit, now.Surprisal, now.Entropy, now.SamplerStateAfter));
        Assert.Equal(was.Probability, now.Probability, was.Probability * 1e-12);
        Assert.Equal(was.Stages.Select(stage => (stage.Stage, stage.Kept, stage.Value, stage.InertReason)), now.Stages.Select(stage => (stage.Stage, stage.Kept, stage.Value, stage.InertReason)));
        foreach (var (one, other) in was.Stages.Zip(now.Stages))
        {
            Assert.Equal(one.EntropyAfter, other.EntropyAfter, 1e-5 + (one.EntropyAfter * 1e-5));
            Assert.Equal(one.RemovedMass, other.RemovedMass, 1e-5);
        }

        var listed = StepColumns.Listed(was, 20);
        Assert.Equal(listed.Select(candidate => (candidate.Id, candidate.Text, candidate.Rank, candidate.RemovedBy)), now.Top.Select(candidate => (candidate.Id, candidate.Text, candidate.Rank, candidate.RemovedBy)));
        foreach (var (one, other) in listed.Zip(now.Top))
        {
            Assert.Equal(one.Logit, other.Logit, 1.0 / 4096 + 1e-5);
            Assert.Equal(one.Probability, other.Probability, one.Probability / 2048);
            Assert.Equal(one.SampledProbability, other.SampledProbability, (one.SampledProbability * 1e-5) + 1e-12);
        }

        Assert.Equal(was.Others.Count + was.Top.Length, now.Others.Count + now.Top.Length);
        Assert.Equal(was.Stages[^1].Kept, now.Others.KeptCount + now.Top.Count(candidate => candidate.RemovedBy is null));
    }
}
