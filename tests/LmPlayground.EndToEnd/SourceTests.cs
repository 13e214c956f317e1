using LmPlayground.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>An encoder-decoder on the page and on the command line. The reference model's weights are random: its words mean nothing.</summary>
[Collection(PlaygroundCollection.Name)]
public class SourceTests(Browser browser)
{
    private static string Zoo(string name) => TestFiles.Zoo(name);

    [Fact]
    public async Task A_source_is_read_the_text_goes_on_and_both_are_there_after_a_reload()
    {
        await using var server = new PlaygroundServer { Arguments = ["--models", Zoo("t5")] };
        await server.InitializeAsync();
        var page = await browser.OpenAsync($"{server.Address}/?model=t5&temperature=0&max_new_tokens=4&source={Uri.EscapeDataString("A dog sat.")}");
        await page.ReadyAsync();
        await Expect(page.Part("source")).ToHaveValueAsync("A dog sat.");
        await Expect(page.Part("prompt")).ToHaveValueAsync("");
        await page.GenerateAsync();
        await page.HasTokensAsync(4);
        await Expect(page.Part("source-tokens")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^\\d+$"));
        await page.Part("continue").ClickAsync();
        await page.HasTokensAsync(8);
        var text = await page.GeneratedTextAsync();

        await page.ReloadAsync();
        await page.ReadyAsync();
        await Expect(page.Part("source")).ToHaveValueAsync("A dog sat.");
        await page.HasTokensAsync(8);
        Assert.Equal(text, await page.GeneratedTextAsync());

        await page.Part("source").FillAsync("The rain fell on the house.");
        await Expect(page.Part("what-if")).ToContainTextAsync("another");
        await page.Part("generate").ClickAsync();
        await page.HasTokensAsync(4);
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("source=The%20rain"));
    }

    [Fact]
    public async Task The_command_line_writes_from_a_source()
    {
        string[] arguments = ["generate", "--model", Zoo("t5"), "--source", "Once upon a time, there was a", "--temperature", "0", "--seed", "7", "--max-new-tokens", "3", "--json"];
        var run = await CommandLine.RunAsync(arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.All(run.Lines.Take(3), line => Assert.Contains("263", line, StringComparison.Ordinal));
        Assert.Equal(run.Lines[..3], (await CommandLine.RunAsync(arguments)).Lines[..3]);

        var without = await CommandLine.RunAsync(["generate", "--model", Zoo("t5"), "--prompt", "x"]);
        Assert.NotEqual(0, without.ExitCode);
        Assert.Contains("needs a source text", without.Error, StringComparison.Ordinal);
        var decoder = await CommandLine.RunAsync(["generate", "--model", Zoo("gpt2"), "--source", "x", "--prompt", "x"]);
        Assert.NotEqual(0, decoder.ExitCode);
        Assert.Contains("reads no source text", decoder.Error, StringComparison.Ordinal);
    }
}
