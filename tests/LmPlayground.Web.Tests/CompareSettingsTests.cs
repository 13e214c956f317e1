using Bunit;
using LmPlayground.Runs;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Tests;

/// <summary>What an address of Compare asks for is done, or said not to be.</summary>
public sealed class CompareSettingsTests : PageTest
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["model"] = "lstm",
        ["task"] = "fill",
        ["order"] = "vllm",
        ["fill_order"] = "most-certain",
        ["chat"] = "true",
        ["system"] = "Be brief.",
        ["template_time"] = "2026-01-31T08:30:00",
        ["source"] = "A text",
        ["prompt"] = "Hi",
        ["prompt_ids"] = "1,2",
        ["continuation"] = " there",
        ["column"] = "top_k=5",
        ["defaults"] = "1",
        ["early_stopping"] = "never",
        ["negative_prompt"] = "sad",
        ["logit_bias"] = "5=1",
        ["stop_token_ids"] = "5",
        ["stop_below_probability"] = "0.5",
        ["ignore_eos"] = "true",
        ["include_stop_str_in_output"] = "true",
    };

    public static TheoryData<string> Settings => [.. RunSettings.All.Select(setting => setting.Name)];

    /// <summary>Names that one value fits, tried in turn.</summary>
    private static readonly string[] Numbers = ["2", "0.5", "0.001", "true", "word"];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_of_an_address_is_used_or_named(string name)
    {
        var setting = RunSettings.Find(name)!;
        var needs = name switch
        {
            "length_penalty" or "early_stopping" or "num_return_sequences" => "&num_beams=4",
            "num_beam_groups" => "&num_beams=4&diversity_penalty=1",
            "diversity_penalty" => "&num_beams=4&num_beam_groups=2",
            _ => "",
        };
        var query = Texts(name).Select(text => $"?{name}={Uri.EscapeDataString(text)}{needs}").First(query => RunQuery.Read(query).Request.Has(setting));
        var page = OpenCompare(query);
        page.WaitForState(() => !page.Part("generate").HasAttribute("disabled"));
        page.Part("generate").Click();
        var asked = Comparisons.Started[^1];
        var isUsed = asked.Has(setting) && !CompareSettings.OfColumn.Contains(setting);
        var notices = page.Parts("notices").Count == 0 ? "" : page.Text("notices");
        Assert.True(isUsed != notices.Contains(name, StringComparison.Ordinal), $"{query}: {(isUsed ? "used" : "not used")}, and the page says '{notices}'");
    }

    [Theory]
    [InlineData("?num_beams=4", "Compare samples: num_beams is not used.")]
    [InlineData("?best_of=3&guidance_scale=2", "Compare samples: best_of, guidance_scale are not used.")]
    [InlineData("?temperature=0.5&model=lstm", "Each column has a model and stages of its own: model, temperature are not used outside of a column.")]
    [InlineData("?source=A", "Compare has no such setting: source is not used.")]
    [InlineData("?column=top_k%3D5&column=num_beams%3D4", "Column 2: Compare samples: num_beams is not used.")]
    [InlineData("?column=top_k%3D5&column=max_new_tokens%3D4", "Column 2: what all columns share has no place in one of them: max_new_tokens is not used.")]
    public void What_Compare_does_not_do_is_said_in_words(string query, string notice) =>
        Assert.Contains(notice, OpenCompare(query).Text("notices"), StringComparison.Ordinal);

    [Fact]
    public void A_search_on_the_playground_is_said_not_to_come_along()
    {
        var link = Open("?num_beams=4&top_k=5").Part("compare").GetAttribute("href")!;
        var page = OpenCompare(link[link.IndexOf('?', StringComparison.Ordinal)..]);
        Assert.Equal("Compare samples: num_beams is not used.", Assert.Single(page.Settled().FindAll("[data-testid=notices] li")).TextContent.Trim());
        Assert.Equal("5", page.Part("stage-top_k-number").GetAttribute("value"));
    }

    [Fact]
    public void The_address_of_scores_says_so_opens_with_the_button_that_makes_them_and_that_of_a_comparison_does_not()
    {
        var page = OpenCompare("?prompt=Hi&continuation=%20there&seed=7");
        page.Part("score").Click();
        page.WaitForAssertion(() => Assert.NotEmpty(page.Parts("scored-model")));
        Assert.Contains("task=score", Navigation.Uri, StringComparison.Ordinal);
        Assert.Empty(page.Parts("notices"));

        var again = OpenCompare(new Uri(Navigation.Uri).Query);
        again.WaitForAssertion(() => Assert.Contains("Score makes the scores again", again.Text("notices"), StringComparison.Ordinal));
        again.Part("generate").Click();
        Assert.DoesNotContain("task=", Navigation.Uri, StringComparison.Ordinal);
        Assert.Null(Comparisons.Started[^1].Task);
    }

    private static string[] Texts(string name) => Values.TryGetValue(name, out var value) ? [value] : Numbers;
}
