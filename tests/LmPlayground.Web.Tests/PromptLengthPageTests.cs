using Bunit;
using LmPlayground.Models.Chat;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

/// <summary>The status line while a prompt is written.</summary>
public sealed class PromptLengthPageTests : PageTest
{
    [Fact]
    public void The_tokens_of_the_prompt_are_counted_before_there_is_a_run()
    {
        var page = Open("?prompt=abc");
        page.WaitForAssertion(() => Assert.Equal("prompt 2 tokens of 511", page.Text("prompt-tokens")));
        page.Type("abcd");
        page.WaitForAssertion(() => Assert.Equal("prompt 3 tokens of 511", page.Text("prompt-tokens")));
        page.Type("x");
        page.WaitForAssertion(() => Assert.Equal("prompt 1 token of 511", page.Text("prompt-tokens")));
        Assert.Empty(page.Settled().FindAll(".excess"));
        Assert.Empty(Loader.Asked);
    }

    [Fact]
    public void A_prompt_that_is_too_long_says_so_before_anyone_generates()
    {
        var page = Open();
        page.Type(new string('x', 1500));
        page.WaitForAssertion(() => Assert.Equal("prompt 1,500 tokens of 511: too long by 989", page.Text("prompt-tokens")));
        Assert.Single(page.Settled().FindAll(".excess"));
    }

    [Fact]
    public void A_run_says_its_own_numbers_until_the_text_is_another()
    {
        var page = Open("?prompt=abc");
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " there", 0.9));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForAssertion(() => Assert.Single(page.Parts("context")));
        Assert.Empty(page.Parts("prompt-tokens"));

        page.Type("abcd");
        page.WaitForAssertion(() => Assert.Equal("prompt 3 tokens of 511", page.Text("prompt-tokens")));
        Assert.Empty(page.Parts("context"));
    }

    [Fact]
    public void Another_model_and_another_way_to_read_the_text_are_counted_anew()
    {
        var chat = Scripted.Model("instruct", "Instructed");
        Models.Set(Scripted.Model("lstm", "Story LSTM"), chat with { Card = chat.Card! with { ChatTemplate = new ChatTemplate("instruct", "<{{ messages[0].content }}>") } });
        var page = Open("?model=instruct&prompt=Hi");

        // The first template of a process takes its interpreter's time.
        page.WaitForAssertion(() => Assert.Equal("prompt 4 tokens of 511", page.Text("prompt-tokens")), TimeSpan.FromSeconds(20));
        page.Part("plain-text").Change(true);
        page.WaitForAssertion(() => Assert.Equal("prompt 2 tokens of 511", page.Text("prompt-tokens")));
    }
}
