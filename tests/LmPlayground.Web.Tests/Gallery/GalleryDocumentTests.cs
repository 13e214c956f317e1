using System.Collections.Immutable;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Bunit;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.DependencyInjection;

namespace LmPlayground.Web.Tests.Gallery;

/// <summary>The gallery's page: a card for each demo, with its own first words in their colours.</summary>
public sealed class GalleryDocumentTests : BunitContext
{
    private readonly RecordedDemos _demos = new();

    public GalleryDocumentTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLogging();
        Services.AddTexts();
        Services.AddSingleton(_demos);
        Services.AddSingleton<DemoBeginnings>();
    }

    [Fact]
    public void Every_recorded_demo_is_a_card_with_its_title_its_sentence_and_its_first_words_in_colour()
    {
        var cards = Page(false).QuerySelectorAll("[data-testid=card]");
        Assert.Equal(_demos.All.Select(demo => demo.Path), cards.Select(card => card.QuerySelector("a")!.GetAttribute("href")));
        foreach (var (card, demo) in cards.Zip(_demos.All))
        {
            Assert.Equal((demo.Title, demo.Sentence), (card.QuerySelector("h3")!.TextContent, card.QuerySelector(".about")!.TextContent));
            var runs = card.QuerySelectorAll("dd").DefaultIfEmpty(card.QuerySelector(".lone-run")!).ToList();
            Assert.Equal(Math.Max(1, demo.Request.Columns.Count), runs.Count);
            Assert.All(runs, run => Assert.NotEmpty(run!.QuerySelectorAll("span.t")));
            Assert.Equal(runs.Count > 1, card.QuerySelectorAll("dt").Length == runs.Count);
        }

        Assert.Equal(["Strategies", "History", "Long dependencies"], Page(false).QuerySelectorAll("h2").Select(title => title.TextContent));
    }

    [Fact]
    public void Neighbours_of_one_colour_are_one_element()
    {
        foreach (var run in _demos.All.SelectMany(demo => Services.GetRequiredService<DemoBeginnings>().Of(demo).Runs))
            Assert.All(run.Pieces.Zip(run.Pieces.Skip(1)), pair => Assert.NotEqual(pair.First.Heat, pair.Second.Heat));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_form_is_there_with_a_key_alone(bool canBeChanged)
    {
        var form = Page(canBeChanged).QuerySelector("form");
        Assert.Equal(canBeChanged, form is not null);
        Assert.Equal(canBeChanged ? "password" : null, form?.QuerySelector("[name=key]")!.GetAttribute("type"));
    }

    [Fact]
    public void A_strangers_words_are_only_words()
    {
        const string Hostile = "<script>alert(1)</script>\u202e<img src=x onerror=alert(1)>";
        var beginning = new DemoBeginning(Hostile, [new BeginningRun("", [new BeginningPiece(3, Hostile)], false)]);
        var page = Page(false, new GalleryCard("abc", Hostile, "", beginning));
        Assert.Empty(page.QuerySelectorAll("img"));
        Assert.DoesNotContain(page.QuerySelectorAll("script"), script => script.TextContent.Contains("alert", StringComparison.Ordinal));
        Assert.DoesNotContain("\u202e", page.QuerySelector("h3")!.TextContent, StringComparison.Ordinal);
    }

    private IDocument Page(bool canBeChanged, params GalleryCard[] added)
    {
        var beginnings = Services.GetRequiredService<DemoBeginnings>();
        ImmutableArray<GalleryGroup> groups = added is []
            ? [.. _demos.All.GroupBy(demo => demo.Group).Select(group => new GalleryGroup(group.Key, [.. group.Select(demo => new GalleryCard(demo.Id, demo.Title, demo.Sentence, beginnings.Of(demo)))]))]
            : [new GalleryGroup("added", [.. added])];
        var page = Render<GalleryDocument>(parameters => parameters
            .Add(part => part.Shell, new DemoShell { Form = DemoForm.Page, IsGallery = true })
            .Add(part => part.Groups, groups)
            .Add(part => part.CanBeChanged, canBeChanged));
        return new HtmlParser().ParseDocument(page.Markup);
    }
}
