using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A masked model on the page and on the command line. The reference model's weights are random: its words mean nothing.</summary>
[Collection(PlaygroundCollection.Name)]
public class MaskedTests(Browser browser)
{
    private const string Text = "The [MASK] sat on the [MASK].";

    [Fact]
    public async Task Masks_are_filled_in_place_found_after_a_reload_and_the_text_is_scored()
    {
        await using var server = new PlaygroundServer { Arguments = ["--models", TestFiles.Zoo("bert")] };
        await server.InitializeAsync();
        var page = await browser.OpenAsync($"{server.Address}/?model=bert&seed=7&prompt={Uri.EscapeDataString(Text)}");
        await Expect(page.Part("continue")).ToHaveCountAsync(0);
        await Expect(page.Part("max-new-tokens-number")).ToHaveCountAsync(0);
        await page.Part("fill-order").ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { NameRegex = new("^most certain first") }).ClickAsync();

        // The list closes before the page hears of the choice: whoever goes on has seen it.
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("fill_order=most-certain"));
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("stopped")).ToContainTextAsync("done");
        await page.HasTokensAsync(2);
        var filled = await page.Part("tokens").InnerTextAsync();
        Assert.Matches("^The .+ sat on the .+\\.$", filled);
        Assert.DoesNotContain("[MASK]", filled, StringComparison.Ordinal);
        await page.ClickTokenAsync(0);
        await Expect(page.Part("candidates")).ToBeVisibleAsync();

        await page.ReloadAsync();
        await page.ReadyAsync();
        await Expect(page.Part("fill-order")).ToHaveValueAsync("most certain first");
        await page.HasTokensAsync(2);
        Assert.Equal(filled, await page.Part("tokens").InnerTextAsync());

        await page.Part("score").ClickAsync();
        await Expect(page.Part("pseudo-score")).ToContainTextAsync("per character");
        await page.HasTokensAsync(5);

        // The address is that of the score: a reload shows it, Back to the fill says how that is made again, and Forward is the score.
        Assert.Contains("task=score", page.Url, StringComparison.Ordinal);
        var score = await page.Part("pseudo-score").InnerTextAsync();
        await page.ReloadAsync();
        await page.ReadyAsync();
        await Expect(page.Part("pseudo-score")).ToHaveTextAsync(score, new() { UseInnerText = true });
        await page.GoBackAsync();
        await Expect(page.Part("notices")).ToContainTextAsync("Fill makes it again");
        await page.GoForwardAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("task=score"));
        var other = await browser.OpenAsync(page.Url);
        await Expect(other.Part("notices")).ToContainTextAsync("Score makes the score again");
        await other.Part("score").ClickAsync();
        await Expect(other.Part("pseudo-score")).ToHaveTextAsync(score, new() { UseInnerText = true });
        await page.Part("insert-mask").ClickAsync();
        await Expect(page.Part("prompt")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("(\\[MASK\\].*){3}"));
    }

    [Fact]
    public async Task The_command_line_fills_and_scores()
    {
        string[] arguments = ["fill", "--model", TestFiles.Zoo("bert"), "--text", Text, "--seed", "7"];
        var filled = await CommandLine.RunAsync(arguments);
        Assert.Equal(0, filled.ExitCode);
        Assert.Matches("^The .+ sat on the .+\\.\\s*$", filled.Output);
        Assert.Equal(filled.Output, (await CommandLine.RunAsync(arguments)).Output);
        Assert.Equal(3, (await CommandLine.RunAsync([.. arguments, "--order", "most-certain", "--json"])).Lines.Length);
        Assert.Contains("bits in all", (await CommandLine.RunAsync([.. arguments, "--score"])).Output, StringComparison.Ordinal);
        Assert.NotEqual(0, (await CommandLine.RunAsync([.. arguments, "--order", "backwards"])).ExitCode);
    }
}
