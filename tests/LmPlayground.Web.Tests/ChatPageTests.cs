using Bunit;
using LmPlayground.Models.Chat;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

public sealed class ChatPageTests : PageTest
{
    public ChatPageTests()
    {
        var plain = Scripted.Model("transformer", "Story Transformer");
        var chat = Scripted.Model("instruct", "Instructed");
        Models.Set(plain, chat with { Card = chat.Card! with { ChatTemplate = new ChatTemplate("instruct", "{{ messages[0].content }}") } });
    }

    [Fact]
    public void Only_a_model_with_a_template_offers_a_chat()
    {
        Assert.Empty(Open().Parts("chat"));
        Assert.Equal("true", Open("?model=instruct").Part("chat").GetAttribute("aria-pressed"));
    }

    [Fact]
    public void System_prompt_and_plain_text_go_into_the_run_and_the_address()
    {
        var page = Open("?model=instruct&prompt=Hi");
        page.Part("system").Change("Be brief.");
        page.Part("generate").Click();
        Assert.Equal((null, "Be brief."), (Runs.Started[^1].Request.Chat, Runs.Started[^1].Request.System));
        Assert.Contains("system=Be%20brief.", Navigation.Uri, StringComparison.Ordinal);

        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForAssertion(() => page.Part("generate"));
        page.Part("plain-text").Click();
        page.Part("generate").Click();
        Assert.False(Runs.Started[^1].Request.Chat);
        Assert.Contains("chat=false", Navigation.Uri, StringComparison.Ordinal);
        Assert.Empty(page.Parts("system"));
    }

    [Fact]
    public void What_the_model_reads_can_be_looked_at()
    {
        var page = Open("?model=instruct&prompt=Hi");
        page.Part("generate").Click();
        Runs.Last.Change(run => run with { RenderedPrompt = "<|user|>Hi<|assistant|>" });
        Tick();
        page.WaitForAssertion(() => Assert.Contains("<|user|>Hi<|assistant|>", page.Part("rendered").TextContent, StringComparison.Ordinal));
    }
}
