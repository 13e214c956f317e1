using LmPlayground.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A question to the instructed model, in a real browser.</summary>
[Collection(PlaygroundCollection.Name)]
public class ChatTests(PlaygroundServer server, Browser browser)
{
    [Fact]
    public async Task The_instructed_model_answers_a_question_and_shows_what_it_read()
    {
        var page = await browser.OpenAsync(server.Address + "/?model=instruct&prompt=What+is+the+capital+of+France%3F&temperature=0&max_new_tokens=20");
        await page.GenerateAsync();
        Assert.Contains("Paris", await page.GeneratedTextAsync(), StringComparison.Ordinal);
        await page.Part("rendered").Locator("summary").ClickAsync();
        await Expect(page.Part("rendered")).ToContainTextAsync("What is the capital of France?");
    }
}
