using Bunit;
using LmPlayground.Generation;
using LmPlayground.Generation.Metrics;
using LmPlayground.Generation.Scoring;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Comparing;
using LmPlayground.Web.Tests.Fakes;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Tests;

public sealed class ComparePageTests : PageTest
{
    [Fact]
    public void A_new_page_has_two_columns_called_by_what_differs()
    {
        var page = OpenCompare();
        Assert.Equal("1 the model's own settings", page.Text("title-1"));
        Assert.Equal("2 temperature 1.4", page.Text("title-2"));
    }

    [Fact]
    public void Columns_are_called_by_model_stage_off_texts_and_order_too()
    {
        var columns = new[] { "", "model=lstm", "top_p=1", "bad_words=dragon", "order=top_k,temperature,top_p", "" };
        var page = OpenCompare("?" + string.Join('&', columns.Select(column => "column=" + Uri.EscapeDataString(column))));
        Assert.StartsWith("2 Story LSTM", page.Text("title-2"), StringComparison.Ordinal);
        Assert.Equal("3 top-p off", page.Text("title-3"));
        Assert.Equal("4 bad words: dragon", page.Text("title-4"));
        Assert.Equal("5 custom order", page.Text("title-5"));
        Assert.Equal("6 as column 1", page.Text("title-6"));
    }

    [Fact]
    public void One_comparison_is_asked_for_with_every_columns_own_settings_and_what_all_share()
    {
        var page = OpenCompare("?seed=9&max_new_tokens=40");
        page.Type("A text");
        page.Part("add-column").Click();
        page.Part("stage-top_k-number").Change("5");
        page.Part("generate").Click();

        var request = Assert.Single(Comparisons.Started);
        Assert.Equal(("A text", 9ul, 40), (request.Prompt, request.Seed!.Value, request.Stopping.MaxNewTokens));
        Assert.Equal([null, 1.4, 1.4], request.Columns.Select(column => column.Find(StageSettings.Of(TemperatureStage.Temperature))));
        Assert.Equal([null, null, 5], request.Columns.Select(column => column.Find(StageSettings.Of(TopKStage.K))));
        Assert.Contains("column=", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_of_the_first_difference_parts_every_columns_text_at_its_token()
    {
        var page = Finished([" there", " was", " a"], [" there", " were", " two"], difference: 1);
        Assert.Equal([" there", " there"], page.FindAll(".column > .tokens").Select(part => part.TextContent));
        Assert.Equal([" was a", " were two"], page.FindAll(".rest .tokens").Select(part => part.TextContent));
        Assert.Equal(2, page.FindAll(".column.parted").Count);
        Assert.Contains("first difference at token 2", page.Text("status"), StringComparison.Ordinal);

        // The page goes to the difference: its alternatives are shown in both.
        Assert.Equal(2, page.Parts("candidates").Count);
        Assert.Contains("At token 2", page.Find(".metrics").TextContent, StringComparison.Ordinal);
        Assert.Contains((0, 1, 1), Comparisons.Last.Asked);
    }

    [Fact]
    public void Columns_that_agree_to_the_end_have_no_line()
    {
        var page = Finished([" there", " was"], [" there", " was"], difference: null);
        Assert.Empty(page.FindAll(".parted"));
        Assert.Contains("all agree", page.Text("status"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_metrics_distances_and_draws()
    {
        var page = Finished([" there", " was"], [" there", " were"], difference: 1);
        Assert.Contains("0.250", page.Part("distance-js").TextContent, StringComparison.Ordinal);
        Assert.Contains("∞", page.Part("distance-kl").TextContent, StringComparison.Ordinal);
        Assert.Equal("best", Assert.Single(page.Part("metric-distinct_1").QuerySelectorAll("td.best")).ClassName);
        Assert.Empty(page.Part("metric-mean_surprisal").QuerySelectorAll("td.best"));

        page.Part("check").Click();
        page.WaitForAssertion(() => Assert.All(page.Parts("check-result"), cell => Assert.Equal("χ² 12.3, 11 df: p 0.34", cell.TextContent)));
    }

    [Fact]
    public void A_columns_changed_settings_make_its_text_stale_and_no_others()
    {
        var page = Finished([" there"], [" there"], difference: null);
        page.Part("title-2").Click();
        page.Part("stage-temperature-number").Change("1");
        Assert.Equal(["column-2"], page.FindAll(".column.stale").Select(column => column.GetAttribute("data-testid")));
        Assert.Contains("generate again", page.Part("column-2").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_come_and_go_between_two_and_eight()
    {
        var page = OpenCompare();
        Assert.Empty(page.Parts("remove-1"));
        for (var i = 0; i < 6; i++)
            page.Part("add-column").Click();
        Assert.True(page.Part("add-column").HasAttribute("disabled"));
        page.Part("remove-1").Click();
        Assert.Equal(7, page.FindAll(".column").Count);
    }

    [Fact]
    public void A_column_that_fails_says_why_and_the_others_stay()
    {
        var page = OpenCompare();
        page.Part("generate").Click();
        End(Column([" there"], null), new ColumnDetail { Error = Message.Of("test", $"The prompt has no tokens.") });
        Tick();
        page.WaitForAssertion(() => Assert.Contains("no tokens", page.Part("column-2").TextContent, StringComparison.Ordinal));
        Assert.Contains("there", page.Part("column-1").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_comparison_can_be_stopped_and_is_found_again_after_a_reload()
    {
        var page = OpenCompare();
        page.Part("generate").Click();
        Tick();
        page.WaitForAssertion(() => page.Part("stop"));
        page.Find("main").TriggerEvent("onrunkey", new RunKeyEventArgs { Action = "stop" });
        Assert.True(Comparisons.Last.IsCancelled);

        End(Column([" there"], null), Column([" there"], null));
        Comparisons.Found = Comparisons.Last;
        var again = OpenCompare();
        again.WaitForAssertion(() => Assert.Equal(2, again.Tokens().Count));
    }

    [Fact]
    public void Every_model_once_scores_a_given_continuation_or_says_why_not()
    {
        var page = OpenCompare("?prompt=Hi&column=&column=model%3Dlstm&column=temperature%3D1");
        Assert.True(page.Part("score").HasAttribute("disabled"));
        page.Part("continuation").Change(" there");
        page.Part("score").Click();
        Assert.Equal(("transformer,lstm", "Hi", " there"), Assert.Single(Comparisons.Scored));
        page.WaitForAssertion(() => Assert.Equal(2, page.Parts("scored-model").Count));
        Assert.Contains("0.50 bits per character", page.Text("scored-model"), StringComparison.Ordinal);
        Assert.Contains("It cannot.", page.Parts("scored-model")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_of_another_text_are_not_shown_beside_this_one_and_those_of_other_settings_are()
    {
        var page = OpenCompare("?prompt=Hi&column=&column=model%3Dlstm");
        page.Part("continuation").Change(" there");
        page.Part("score").Click();
        page.WaitForAssertion(() => Assert.Equal(2, page.Parts("scored-model").Count));
        page.Part("stage-temperature-slider").Input("1.2");
        page.WaitForAssertion(() => Assert.Equal(2, page.Parts("scored-model").Count));
        page.Part("continuation").Change(" you");
        page.WaitForAssertion(() => Assert.Empty(page.Parts("scored-model")));
        page.Part("continuation").Change(" there");
        page.WaitForAssertion(() => Assert.Equal(2, page.Parts("scored-model").Count));
    }

    [Fact]
    public void A_scored_character_of_several_tokens_is_shown_as_a_character_with_all_their_bits()
    {
        var score = new ContinuationScore
        {
            Text = "a花b",
            FromPrompt = 0,
            ContextTokens = 1,
            Tokens = [new ScoredToken(1, "a", 9, 1, 1, 1), new(2, "<0xE8>", 10, 1, 2, 3), new(3, "<0x8A>", 10, 1, 3, 4), new(4, "<0xB1>", 10, 1, 4, 5), new(5, "b", 11, 1, 0.5, 1)],
            TotalBits = 10.5,
            Characters = 3,
        };
        Assert.Equal(
            [("a", 1.0, "1.00 bits, rank 1"), ("花", 9.0, "9.00 bits, 3 tokens"), ("b", 0.5, "0.50 bits, rank 1")],
            ScoredPiece.Of(score, Words.Of<ComparingTexts>()).Select(piece => (piece.Text, piece.Surprisal, piece.Title)));
    }

    [Fact]
    public void Models_that_cannot_be_used_are_not_offered()
    {
        Models.Set(Scripted.Model("transformer", "Story Transformer"), Scripted.Model("broken", "Broken") with { State = ModelState.Failed, Error = "cut" });
        var page = OpenCompare();
        Assert.Equal(["Story Transformer"], page.Picker("model-1").Options.Select(option => option.Text));
    }

    private static ColumnDetail Column(string[] texts, int? difference) => new()
    {
        Steps = [.. texts.Select((text, index) => Scripted.Step(index, text, 0.6))],
        Difference = difference,
        Metrics = [.. RunMetrics.All.Select(_ => (double?)texts[^1].Length)],
        Summary = new GenerationSummary
        {
            FinishReason = FinishReason.Length,
            Seed = 1204,
            Text = string.Concat(texts),
            PromptTokens = 5,
            NewTokens = texts.Length,
            CachedTokens = 0,
            TimeToFirstToken = TimeSpan.Zero,
            TokensPerSecond = 1,
        },
    };

    /// <summary>Ends the comparison with these columns; each keeps what it was asked.</summary>
    private void End(params ColumnDetail[] columns) => Comparisons.Last.ChangeJob(job => job with
    {
        Status = JobStatus.Finished,
        Detail = job.Detail with { Columns = [.. job.Detail.Columns.Zip(columns, (asked, column) => column with { Request = asked.Request, Sampling = asked.Sampling })] },
    });

    private IRenderedComponent<Components.Pages.Compare> Finished(string[] left, string[] right, int? difference)
    {
        var page = OpenCompare();
        page.Part("generate").Click();
        Tick();
        End(Column(left, difference), Column(right, difference));
        Tick();
        page.WaitForAssertion(() => Assert.NotEmpty(page.Tokens()));
        return page;
    }
}
