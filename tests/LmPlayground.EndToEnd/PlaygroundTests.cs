using LmPlayground.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>What a user does, in a real browser, on the real program and a real model.</summary>
[Collection(PlaygroundCollection.Name)]
public class PlaygroundTests(PlaygroundServer server, Browser browser)
{
    [Fact]
    public async Task A_prompt_becomes_tokens_whose_alternatives_can_be_seen_and_found_again_after_a_reload()
    {
        var page = await browser.OpenAsync(server.Address);
        await page.Part("prompt").FillAsync("One day, Tom and Lily went to the park.");
        await page.SetAsync("max-new-tokens-number", "24");
        await page.SetAsync("seed", "1204");
        await page.GenerateAsync();
        Assert.InRange(await page.TokenCountAsync(), 1, 24);
        var text = await page.GeneratedTextAsync();

        // A token's alternatives: the chosen one is among them, and the rest is summed up.
        await page.ClickTokenAsync(2);
        await Expect(page.Part("token-title")).ToContainTextAsync("Token 3 of");
        await Expect(page.Part("candidates")).ToBeVisibleAsync();
        await Expect(page.Part("candidate").And(page.Locator("[aria-current=true], .chosen"))).ToHaveCountAsync(1);
        await Expect(page.Part("others")).ToContainTextAsync("others:");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Part("token-title")).ToContainTextAsync("Token 4 of");

        await page.ReloadAsync();
        await page.ReadyAsync();
        await Expect(page.Part("prompt")).ToHaveValueAsync("One day, Tom and Lily went to the park.");
        await Expect(page.Part("seed")).ToHaveValueAsync("1204");
        await Expect(page.Part("max-new-tokens-number")).ToHaveValueAsync("24");
        await page.HasAtLeastTokensAsync(1);
        Assert.Equal(text, await page.GeneratedTextAsync());
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_text_to_someone_else()
    {
        var address = server.Address + "/?prompt=Once+upon+a+time&seed=99&max_new_tokens=20";
        var texts = new List<string>();
        foreach (var page in new[] { await browser.OpenAsync(address), await browser.OpenAsync(address) })
        {
            await page.GenerateAsync();
            texts.Add(await page.GeneratedTextAsync());
        }

        Assert.NotEmpty(texts[0]);
        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public async Task Moving_a_control_marks_what_it_would_have_removed_without_a_new_run()
    {
        var page = await browser.OpenAsync(server.Address + "/?prompt=Once+upon+a+time&seed=5&temperature=1.5&max_new_tokens=40&top_p=1");
        await page.GenerateAsync();
        var before = await page.GeneratedTextAsync();
        await page.SetAsync("stage-top_k-number", "1");
        await Expect(page.Part("what-if")).ToContainTextAsync("would have removed");
        Assert.Equal(before, await page.GeneratedTextAsync());
        await page.SetAsync("stage-top_k-number", "0");
        await Expect(page.Part("what-if")).Not.ToContainTextAsync("would have removed");
    }

    [Fact]
    public async Task A_run_can_be_stopped_continued_and_taken_token_by_token()
    {
        var page = await browser.OpenAsync(server.Address + "/?model=lstm&prompt=Once+upon+a+time&seed=3&max_new_tokens=50000&ignore_eos=true");
        await page.Part("next").ClickAsync();
        await page.HasTokensAsync(1);
        await page.EndedAsync();
        await page.Part("next").ClickAsync();
        await page.HasTokensAsync(2);
        await page.EndedAsync();

        await page.Part("continue").ClickAsync();
        await page.HasAtLeastTokensAsync(7);
        await page.Part("stop").ClickAsync();
        await page.EndedAsync();
        Assert.InRange(await page.TokenCountAsync(), 7, 50_000);
    }

    [Fact]
    public async Task The_address_keeps_settings_and_back_restores_them()
    {
        var page = await browser.OpenAsync(server.Address + "/?prompt=First&max_new_tokens=3&seed=1");
        await page.GenerateAsync();
        await page.Part("prompt").FillAsync("Second");
        await page.SetAsync("stage-temperature-number", "0.5");
        await page.GenerateAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("prompt=Second"));
        await page.GoBackAsync();
        await Expect(page.Part("prompt")).ToHaveValueAsync("First");
        await Expect(page.Part("stage-temperature-number")).Not.ToHaveValueAsync("0.50");
    }

    [Fact]
    public async Task Values_out_of_range_are_clamped_and_said_and_unknown_ones_are_ignored()
    {
        var page = await browser.OpenAsync(server.Address + "/?temperature=9&top_p=abc&nonsense=1");
        await Expect(page.Part("notices")).ToContainTextAsync("temperature");
        await Expect(page.Part("notices")).Not.ToContainTextAsync("nonsense");
        await Expect(page.Part("stage-temperature-number")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^5"));
    }

    [Theory]
    [InlineData("مرحبا بالعالم")]
    [InlineData("中文分词测试，你好世界。")]
    [InlineData("emoji 😀👩‍👩‍👧 end")]
    [InlineData("  spaces and\ttabs\n\nand lines  ")]
    public async Task Any_language_and_every_space_survive(string prompt)
    {
        var page = await browser.OpenAsync(server.Address + "/?max_new_tokens=5&seed=1");
        await page.Part("prompt").FillAsync(prompt);
        await page.GenerateAsync();
        await Expect(page.Part("prompt")).ToHaveValueAsync(prompt);
        Assert.True(await page.TokenCountAsync() > 0);
        await page.ReloadAsync();
        await page.ReadyAsync();
        await Expect(page.Part("prompt")).ToHaveValueAsync(prompt);
    }

    [Theory]
    [InlineData("123 مرحبا بالعالم ", "rtl")]
    [InlineData("«word» שלום ", "ltr")]
    public async Task A_long_text_has_the_direction_of_its_beginning_and_a_short_one_each_paragraph_its_own(string words, string direction)
    {
        var page = await browser.OpenAsync(server.Address);
        await page.Part("prompt").FillAsync(string.Concat(Enumerable.Repeat(words, 6000)));
        await Expect(page.Part("prompt")).ToHaveCSSAsync("unicode-bidi", "isolate");
        await Expect(page.Part("prompt")).ToHaveCSSAsync("direction", direction);
        await page.Part("prompt").FillAsync(words);
        await Expect(page.Part("prompt")).ToHaveCSSAsync("unicode-bidi", "plaintext");
    }

    [Fact]
    public async Task A_prompt_of_a_megabyte_is_refused_in_words_and_not_lost()
    {
        var page = await browser.OpenAsync(server.Address);
        var prompt = string.Concat(Enumerable.Repeat("word ", 1 << 18))[..(1 << 20)];
        await page.Part("prompt").FillAsync(prompt);
        await page.Part("generate").ClickAsync();
        await Expect(page.Part("error")).ToContainTextAsync("shorten", new() { Timeout = 60_000 });
        Assert.Equal(prompt.Length, (await page.Part("prompt").InputValueAsync()).Length);

        // The page lives on.
        await page.Part("prompt").FillAsync("Once upon a time");
        await page.SetAsync("max-new-tokens-number", "3");
        await page.Part("generate").ClickAsync();
        await page.HasAtLeastTokensAsync(1);
        await Expect(page.Part("error")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Every_embedded_model_runs_in_the_page()
    {
        foreach (var model in new[] { "transformer", "instruct", "lstm", "feedforward", "ngram", "characters" })
        {
            var page = await browser.OpenAsync($"{server.Address}/?model={model}&prompt=ROMEO&max_new_tokens=4&seed=1");
            await page.GenerateAsync();
            Assert.True(await page.TokenCountAsync() > 0, model);
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Nothing_is_asked_of_another_machine()
    {
        var page = await browser.OpenAsync("about:blank", open: false);
        var foreign = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(server.Address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                foreign.Add(request.Url);
        };
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        await page.GotoAsync(server.Address + "/?max_new_tokens=3");
        await page.ReadyAsync();
        await page.GenerateAsync();
        Assert.Empty(foreign);
        Assert.Empty(complaints);
    }
}
