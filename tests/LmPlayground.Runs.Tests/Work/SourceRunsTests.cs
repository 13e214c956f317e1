using LmPlayground.Generation.Search;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>An encoder-decoder's runs through the one manager, with the reference model.</summary>
public class SourceRunsTests
{
    private static readonly SamplingOptions Greedy = new SamplingOptions().With(TemperatureStage.Temperature, 0);

    [Fact]
    public async Task A_run_reads_its_source_goes_on_and_is_looked_at_again_after_its_logits_were_let_go()
    {
        await using var bench = new ZooBench(keptLogits: 0);
        var (whole, end) = await bench.EndOf(Request("A dog sat.", "", tokens: 8));
        Assert.Equal((JobStatus.Finished, null), (end.Status, end.Error));
        Assert.True(end.Detail.SourceTokens > 3);
        Assert.Equal(1, end.Detail.PromptTokens);

        var (part, _) = await bench.EndOf(Request("A dog sat.", "", tokens: 3));
        var (_, rest) = await bench.EndOf(Request("A dog sat.", "", tokens: 5), part);
        Assert.Equal(end.Detail.Steps.Select(step => (step.Id, step.Logit)), rest.Detail.Steps.Select(step => (step.Id, step.Logit)));

        // More sources than stay encoded.
        foreach (var other in (string[])["one", "two", "three", "four", "five"])
            await bench.EndOf(Request(other, "", tokens: 1));
        var again = await whole.Review.InspectAsync(6, Greedy, TestContext.Current.CancellationToken);
        Assert.Equal(end.Detail.Steps[6].Logit, again.Logit);
    }

    [Fact]
    public async Task Another_source_gives_other_probabilities()
    {
        await using var bench = new ZooBench();
        var (_, one) = await bench.EndOf(Request("A dog sat.", "x", tokens: 1));
        var (_, two) = await bench.EndOf(Request("Rain.", "x", tokens: 1));
        Assert.NotEqual(one.Detail.Steps[0].Logit, two.Detail.Steps[0].Logit);
        Assert.Equal(one.Detail.PromptTokens, two.Detail.PromptTokens);
    }

    [Fact]
    public async Task Searches_and_guidance_work_over_a_source()
    {
        await using var bench = new ZooBench();
        var search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 4 }, GuidanceScale = 1.5 };
        var (_, end) = await bench.EndOf(Request("A dog sat.", "", tokens: 4) with { Search = search });
        Assert.Equal((JobStatus.Finished, null), (end.Status, end.Error));
        Assert.InRange(end.Detail.Steps.Count, 1, 4);
        Assert.NotNull(end.Detail.Beams);
    }

    [Fact]
    public async Task A_model_that_needs_a_source_and_is_given_none_reads_its_example()
    {
        await using var bench = new ZooBench();
        var (_, none) = await bench.EndOf(Request(null, "", tokens: 2));
        Assert.Equal(JobStatus.Finished, none.Status);
        Assert.True(none.Detail.SourceTokens > 1);
        var (_, empty) = await bench.EndOf(Request("", "", tokens: 2));
        Assert.True(empty.Detail.SourceTokens < none.Detail.SourceTokens);
    }

    [Fact]
    public async Task A_model_that_reads_no_source_ignores_one()
    {
        await using var bench = new ZooBench();
        var (_, with) = await bench.EndOf(Request("A source.", "x", tokens: 2) with { Model = "gpt2" });
        var (_, without) = await bench.EndOf(Request(null, "x", tokens: 2) with { Model = "gpt2" });
        Assert.Equal((JobStatus.Finished, 0), (with.Status, with.Detail.SourceTokens));
        Assert.Equal(without.Detail.Steps.Select(step => step.Logit), with.Detail.Steps.Select(step => step.Logit));
    }

    private static RunRequest Request(string? source, string prompt, int tokens) => new RunRequest
    {
        Model = "t5",
        Source = source,
        Prompt = prompt,
        Seed = 3,
        Stopping = new StoppingOptions { MaxNewTokens = tokens, StopAtEndOfSequence = false },
    }.With(StageSettings.Of(TemperatureStage.Temperature), 0);
}
