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
        Assert.True(Open("?model=instruct").Part("chat").HasAttribute("checked"));
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
        page.Part("plain-text").Change("on");
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

    [Fact]
    public void A_model_that_is_not_loaded_is_known_to_answer_by_its_folder_and_starts_with_a_question()
    {
        Models.Set(Scripted.Model("new", "New", isKnown: false) with { HasChatTemplate = true });
        var page = Open();
        Assert.True(page.Part("chat").HasAttribute("checked"));
        Assert.EndsWith("?", page.Part("prompt").GetAttribute("value"), StringComparison.Ordinal);
        Assert.Contains("message", page.Part("prompt").GetAttribute("placeholder"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_of_an_answer_has_the_time_that_its_template_saw()
    {
        var page = Open("?model=instruct&prompt=Hi");
        page.Part("generate").Click();
        Assert.Contains("template_time=", Navigation.Uri, StringComparison.Ordinal);
        Assert.Contains("drawn=seed,template_time", Uri.UnescapeDataString(Navigation.Uri), StringComparison.Ordinal);
    }
}
