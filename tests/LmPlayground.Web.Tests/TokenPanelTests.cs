using System.Collections.Immutable;
using Bunit;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

public sealed class TokenPanelTests : PageTest
{
    private Bunit.IRenderedComponent<Components.Pages.Playground> OpenFinished(params TokenStep[] steps)
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(steps);
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("stopped").Count == 1);
        return page;
    }

    [Fact]
    public void A_selected_token_fills_the_panel()
    {
        var page = OpenFinished(Scripted.Step(0, " there", 0.9), Scripted.Step(1, " was", 0.25), Scripted.Step(2, " a", 0.6));
        Assert.Equal("Token 3 of 3", page.Text("token-title"));

        page.Select(1);

        Assert.Equal("Token 2 of 3", page.Text("token-title"));
        Assert.Equal("·was", page.Text("selected-token"));
        Assert.Equal("101", page.Text("selected-id"));
        var option = Assert.Single(page.Settled().FindAll("[role=listbox] [role=option]"));
        Assert.Equal(("t1", "true", "2", "3"), (option.Id, option.GetAttribute("aria-selected"), option.GetAttribute("aria-posinset"), option.GetAttribute("aria-setsize")));
        Assert.Equal("t1", page.Part("tokens").GetAttribute("aria-activedescendant"));
    }

    [Fact]
    public void The_arrows_of_the_panel_move_and_stop_at_the_ends()
    {
        var page = OpenFinished(Scripted.Step(0, " there", 0.9), Scripted.Step(1, " was", 0.25));
        Assert.True(page.Part("next-token").HasAttribute("disabled"));
        page.Part("previous-token").Click();
        Assert.Equal("Token 1 of 2", page.Text("token-title"));
        Assert.True(page.Part("previous-token").HasAttribute("disabled"));
    }

    [Fact]
    public void A_selection_renders_only_the_chunks_that_it_leaves_and_enters()
    {
        var page = OpenFinished([.. Enumerable.Range(0, 96).Select(i => Scripted.Step(i, " a", 0.5))]);
        var chunks = page.Settled().FindComponents<TokenChunk>();
        var before = chunks.Select(chunk => chunk.Instance.RenderCount).ToArray();

        page.Select(3);

        Assert.Equal([before[0] + 1, before[1], before[2] + 1], chunks.Select(chunk => chunk.Instance.RenderCount));
    }

    [Fact]
    public void The_others_row_counts_all_tokens_that_are_not_listed()
    {
        var page = OpenFinished(Scripted.Step(0, " there", 0.25));
        Assert.StartsWith("others: 4,076 tokens", page.Text("others"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chosen_token_is_in_the_table_whatever_its_rank()
    {
        var page = OpenFinished(Scripted.Step(0, " unlikely", 0.001, rank: 812));
        page.Part("details").Click();
        var chosen = page.Settled().Find("[data-testid=candidate][aria-current=true]");
        Assert.Equal("·unlikely", chosen.QuerySelector("th")!.TextContent);
        Assert.Contains("812", chosen.TextContent, StringComparison.Ordinal);
        Assert.Contains("gap", chosen.PreviousElementSibling!.ClassList);
    }

    [Fact]
    public void A_removed_token_names_its_stage_and_a_kept_one_its_probability()
    {
        var page = OpenFinished(Scripted.Step(0, " there", 0.9));
        var rows = page.Parts("candidate");
        Assert.Empty(rows[0].QuerySelectorAll(".removal"));
        Assert.Equal("top-k", rows[^1].QuerySelector(".removal")!.TextContent);
        Assert.Contains("cut", rows[^1].ClassList);
    }

    [Fact]
    public void All_columns_can_be_shown()
    {
        var step = Scripted.Step(0, " there", 0.9);
        step = step with { Top = step.Top.SetItem(0, new TokenCandidate(100, " there", 1, 11.894, 0.9, 0.93751, 0.9, null)) };
        var page = OpenFinished(step);
        Assert.Equal(3, page.Parts("candidate")[0].Children.Length);

        page.Part("details").Click();

        Assert.Equal(["token", "rank", "id", "logit", "after %", "model %", "sum %"], page.Settled().FindAll(".candidates thead th").Select(head => head.TextContent));
        Assert.Equal(["·there", "1", "100", "11.89", "93.8", "90.0", "90.0"], page.Parts("candidate")[0].Children.Select(cell => cell.TextContent.Trim()));
    }

    [Fact]
    public void While_a_run_is_followed_only_the_rows_that_can_be_seen_are_sent_and_the_chosen_one()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " far", 0.001, listed: 50, rank: 900));
        Tick();
        page.WaitForAssertion(() => Assert.Equal(21, page.Parts("candidate").Count));
        Assert.Single(page.Settled().FindAll("[data-testid=candidate][aria-current=true]"));

        page.Select(0);
        Assert.Equal(50, page.Parts("candidate").Count);
    }

    [Fact]
    public void What_is_tiny_is_not_shown_as_nothing()
    {
        Assert.Equal("<0.1", Show.Cell(1e-6));
        Assert.Equal("<0.01 %", Show.Detail(1e-6));
        Assert.Equal("0", Show.Cell(0));
        Assert.Equal("30.0", Show.Cell(0.3));
    }

    [Theory]
    [InlineData(1, "1st")]
    [InlineData(2, "2nd")]
    [InlineData(3, "3rd")]
    [InlineData(4, "4th")]
    [InlineData(11, "11th")]
    [InlineData(113, "113th")]
    [InlineData(4021, "4,021st")]
    public void Ranks_are_ordinals(long rank, string shown) => Assert.Equal(shown, Show.Ordinal(rank));

    [Fact]
    public void The_segments_of_the_draw_fill_the_distribution_and_u_lies_in_the_drawn_one()
    {
        foreach (var step in new[] { Scripted.Step(0, " there", 0.9), Scripted.Step(1, " was", 0.25), Scripted.Step(2, " far", 0.01, rank: 600) })
        {
            var bar = Render<DrawBar>(parameters => parameters.Add(draw => draw.Step, step));
            var (end, low, high) = (0.0, -1.0, -1.0);
            foreach (var segment in bar.FindAll(".seg"))
            {
                var width = Percent(segment.GetAttribute("style")!);
                if (segment.ClassList.Contains("on"))
                    (low, high) = (end, end + width);
                end += width;
            }

            Assert.Equal(100, end, 0.2);
            Assert.InRange(Percent(bar.Find(".u").GetAttribute("style")!), low - 0.05, high + 0.05);
        }
    }

    [Fact]
    public void Tokens_that_the_table_does_not_list_have_their_place_in_the_draw()
    {
        var step = Scripted.Step(0, " far", 0.01, rank: 600);
        var (width, shift) = (step.SampledProbability, 0.1);
        var top = step.Top.Select(candidate => candidate with { SampledProbability = candidate.SampledProbability * (1 - shift) }).ToImmutableArray();
        var kept = top.Where(candidate => candidate.Id != step.Id && candidate.SampledProbability > width).Sum(candidate => candidate.SampledProbability);
        step = step with { Top = top, Draw = step.Draw with { Low = kept + shift, High = kept + shift + width, U = kept + shift } };

        var bar = Render<DrawBar>(parameters => parameters.Add(draw => draw.Step, step));

        Assert.Contains("others", bar.Find(".seg.on").PreviousElementSibling!.ClassList);
    }

    [Fact]
    public void Whitespace_is_visible_and_a_copied_text_is_the_models_text()
    {
        string[] texts = ["a\nb", "\n\n", "\tx", "  ", " plain", "你好"];
        var page = OpenFinished([.. texts.Select((text, i) => Scripted.Step(i, text, 0.5))]);
        Assert.Equal(texts, page.Tokens().Select(token => token.Text));
        Assert.Equal(3, page.Settled().FindAll(".tokens .newline").Count);
        Assert.Single(page.Settled().FindAll(".tokens .tab"));
        Assert.Single(page.Settled().FindAll(".tokens .blank"));
    }

    [Fact]
    public void Part_of_a_character_is_shown_as_its_bytes()
    {
        var page = OpenFinished(Scripted.Step(0, "", 0.5, display: "<0xE2>"));
        Assert.Equal("<0xE2>", page.Settled().Find(".tokens .special").TextContent);
    }

    [Fact]
    public void Model_output_is_text_and_never_markup()
    {
        var page = OpenFinished(Scripted.Step(0, "<script>alert(1)</script>", 0.5));
        Assert.Empty(page.Settled().FindAll("script"));
        Assert.Equal("<script>alert(1)</script>", Assert.Single(page.Tokens()).Text);
    }

    private static double Percent(string style) =>
        double.Parse(style.Split(':', '%')[1], System.Globalization.CultureInfo.InvariantCulture);
}
