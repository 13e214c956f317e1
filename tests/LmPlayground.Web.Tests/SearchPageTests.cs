using System.Collections.Immutable;
using Bunit;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

public sealed class SearchPageTests : PageTest
{
    private static readonly FakeModel Model = new();

    [Fact]
    public void A_strategy_is_picked_and_its_settings_go_into_the_run_and_the_address()
    {
        var page = Open();
        page.Pick("strategy", "beams");
        page.Part("num-beams").Change("6");
        page.Part("num-beam-groups").Change("2");
        page.Pick("early-stopping", "true");
        page.Part("generate").Click();

        var beams = Runs.Started[^1].Request.Search.Beams!;
        Assert.Equal((6, 2, 1.0, EarlyStopping.WhenFull), (beams.NumBeams, beams.NumBeamGroups, beams.DiversityPenalty, beams.EarlyStopping));
        Assert.Contains("num_beams=6&early_stopping=true&num_beam_groups=2&diversity_penalty=1", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_do_not_fit_each_other_are_refused_in_words_and_change_nothing()
    {
        var page = Open("?num_beams=4");
        page.Part("num-beam-groups").Change("3");
        Assert.Contains("num_beam_groups must divide", page.Text("num-beam-groups-notice"), StringComparison.Ordinal);
        page.Part("num-beams").Change("1.5");
        Assert.Contains("num_beams 1.5 is no whole number: it is ignored.", page.Text("num-beams-notice"), StringComparison.Ordinal);
        page.Part("generate").Click();
        Assert.Equal(new BeamSearchOptions(), Runs.Started[^1].Request.Search.Beams);
    }

    [Fact]
    public void Live_sequences_stand_best_first_with_what_they_share_said_once()
    {
        var page = Open("?num_beams=2");
        page.Part("generate").Click();
        Show([Beam("Once upon a time", -2), Beam("Once upon a hill", -1)], []);
        Assert.Equal(["hill", "time"], page.Parts("beam").Select(beam => beam.QuerySelector(".row")!.TextContent.Trim()));
        Assert.Contains("Once upon a", page.Part("beams-shared").TextContent, StringComparison.Ordinal);
        Assert.Contains("2 live sequences, 0 finished ones", page.Text("beams"), StringComparison.Ordinal);

        Show([], [Beam("Once upon a hill", -1) with { FinishReason = FinishReason.EndOfSequence }], isLast: true);
        Assert.Contains("shown above · end of text", page.Text("beam"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_great_search_shows_its_best_and_says_how_many_more_there_are()
    {
        var page = Open("?num_beams=100");
        page.Part("generate").Click();
        Show([.. Enumerable.Range(0, 100).Select(i => Beam($"text {i}", -i))], []);
        Assert.Equal(16, page.Parts("beam").Count);
        Assert.Contains("and 84 more", page.Text("beams"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_a_search_chose_is_not_said_to_be_drawn()
    {
        var page = Open("?num_beams=2");
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " hill", 0.1) with { IsForced = true });
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForAssertion(() => Assert.Single(page.Tokens()));
        Assert.Contains("a search chose this token", page.Find(".token-panel").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".cdf .u"));
        Assert.True(page.Part("continue").HasAttribute("disabled"));
    }

    private static Beam Beam(string text, double score)
    {
        ImmutableArray<int> ids = [.. Model.Tokenizer.Encode(text).Select(token => token.Id)];
        return new Beam { Ids = ids, Text = text, LogProbabilities = [.. ids.Select(_ => -0.5)], Sum = score, Score = score, Parent = -1, Group = 0 };
    }

    private void Show(ImmutableArray<Beam> live, ImmutableArray<Beam> finished, bool isLast = false)
    {
        var step = new BeamStep { Length = 4, Live = live, Finished = finished, IsLast = isLast, Returned = isLast ? [finished[0]] : [] };
        Runs.Last.Change(run => run with { Beams = new BeamsView(step, Model.Tokenizer, 10) });
        Tick();
    }
}
