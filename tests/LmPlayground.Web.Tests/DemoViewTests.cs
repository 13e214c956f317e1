using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Bunit;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Tests.Fakes;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.DependencyInjection;

namespace LmPlayground.Web.Tests;

/// <summary>The parts of a shared demo's page.</summary>
public sealed class DemoViewTests : BunitContext
{
    public DemoViewTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLogging();
        Services.AddTexts();
    }

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Goldens.Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_token_is_an_element_with_its_colour_and_the_selected_one_alone_is_marked(string name)
    {
        var view = View(name);
        for (var i = 0; i < view.Runs.Length; i++)
        {
            var run = view.Runs[i];
            var index = i;
            var text = Render<DemoText>(parameters => parameters.Add(part => part.Run, run).Add(part => part.Index, index).Add(part => part.Label, "Text").Add(part => part.Selected, 0));
            Assert.Equal(run.Steps.Length, text.FindAll("[role=option]").Count);
            Assert.All(text.FindAll("[role=option]"), token => Assert.Matches("^t h[0-5]( |$)", token.ClassName));
            Assert.Equal($"r{i}t0", text.Find("[aria-selected=true]").Id);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_data_has_a_number_for_each_token_and_no_markup(string name)
    {
        var json = Document(name, DemoForm.Page).QuerySelector("#demo-data")!.TextContent;
        Assert.DoesNotContain('<', json);
        using var data = JsonDocument.Parse(json);
        foreach (var run in data.RootElement.GetProperty("runs").EnumerateArray())
        {
            var count = run.GetProperty("token").GetArrayLength();
            var listed = run.GetProperty("listed").EnumerateArray().Sum(number => number.GetInt32());
            foreach (var column in new[] { "id", "after", "model", "rank", "bits", "entropy", "how", "u", "low", "drawn", "rest" })
                Assert.Equal(count, run.GetProperty(column).GetArrayLength());
            foreach (var column in new[] { "ids", "names", "ranks", "shares", "sampled", "removed" })
                Assert.Equal(listed, run.GetProperty(column).GetArrayLength());
            Assert.Equal(count * run.GetProperty("stages").GetArrayLength() * 5, run.GetProperty("did").GetArrayLength());
        }
    }

    [Fact]
    public void A_page_has_a_way_into_the_playground_and_a_frame_has_none()
    {
        foreach (var form in Enum.GetValues<DemoForm>())
        {
            var page = Document("ngram", form);
            Assert.Equal(form is DemoForm.Page or DemoForm.Template ? 1 : 0, page.QuerySelectorAll("[data-testid=fork]").Length);
            Assert.Equal(form == DemoForm.Page ? 1 : 0, page.QuerySelectorAll("header.shell").Length);
        }
    }

    [Fact]
    public void Each_way_on_says_beside_it_what_it_does()
    {
        var page = Document("ngram", DemoForm.Page);
        foreach (var (part, href) in new[] { ("again", "/d/ngram/again"), ("try", "/d/ngram/what-if"), ("fork", "/?") })
        {
            var link = page.QuerySelector($"[data-testid={part}]")!;
            Assert.StartsWith(href, link.GetAttribute("href"), StringComparison.Ordinal);
            Assert.NotEmpty(page.GetElementById(link.GetAttribute("aria-describedby")!)!.TextContent);
        }

        Assert.All([DemoForm.Embed, DemoForm.File], form => Assert.Empty(Document("ngram", form).QuerySelectorAll("[data-testid=actions]")));
    }

    [Fact]
    public void What_cannot_be_done_with_a_demo_says_why()
    {
        var demo = Goldens.Read("ngram");
        var run = demo.Runs[0];
        demo = demo with
        {
            Request = demo.Request with { Prompt = new string('p', 100_000) },
            Runs = [run with { Steps = run.Steps with { Tail = null } }],
        };
        var page = Document(new DemoView(demo), DemoForm.Page);
        Assert.Empty(page.QuerySelectorAll("[data-testid=fork], [data-testid=try]"));
        Assert.Contains("too long for an address", page.QuerySelector("[data-testid=no-fork]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("keeps no logits", page.QuerySelector("[data-testid=no-try]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Branches_are_listed_with_where_they_leave_and_end_and_each_is_shown_by_its_address()
    {
        var demo = Goldens.WithBranch();
        var page = Document(new DemoView(demo), DemoForm.Page);
        var branch = page.QuerySelector("[data-testid=branch]")!;
        Assert.Contains("Goes on from token 6 under temperature 1.4", branch.TextContent, StringComparison.Ordinal);
        Assert.Contains("and so it went on.", branch.TextContent, StringComparison.Ordinal);
        Assert.Equal("?run=1", branch.QuerySelector("a")!.GetAttribute("href"));
        Assert.Empty(page.QuerySelectorAll("[data-testid=cut-note]"));

        page = Document(new DemoView(demo, 1), DemoForm.Page);
        var texts = demo.Runs[0].Steps.Texts;
        Assert.EndsWith(string.Concat(texts.Take(5)), page.QuerySelector("[data-testid=prompt]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.QuerySelector("[data-testid=branch] a")!.GetAttribute("aria-current"));
        Assert.Equal("1.4", page.QuerySelector("[data-testid=stage-temperature] b")!.TextContent);
        Assert.Equal("?run=1&t=2", page.QuerySelector("[data-move='1']")!.GetAttribute("href"));
        Assert.EndsWith("/what-if?run=1", page.QuerySelector("[data-testid=try]")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_has_one_rendering_and_says_that_it_holds_branches()
    {
        var page = Document(new DemoView(Goldens.WithBranch()), DemoForm.File);
        Assert.Empty(page.QuerySelectorAll("[data-testid=branches]"));
        Assert.Contains("1 branches", page.QuerySelector("[data-testid=cut-note]")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain text\n\twith lines", "plain text\n\twith lines")]
    [InlineData("\u001B[31m", "␛[31m")]
    [InlineData("\u202Eabc\u202C", "⟨U+202E⟩abc⟨U+202C⟩")]
    [InlineData("\u2067x\u2069\u200E\u061C", "⟨U+2067⟩x⟨U+2069⟩⟨U+200E⟩⟨U+061C⟩")]
    [InlineData("\0\r\u007F\u0085", "␀␍⟨U+007F⟩⟨U+0085⟩")]
    [InlineData("猫 😀 שלום", "猫 😀 שלום")]
    public void What_would_hide_or_turn_text_around_is_named(string text, string seen) => Assert.Equal(seen, Unmasked.Of(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abcd😀g", 6, "abcd…")]
    [InlineData(" a\nb\tc ", 6, "a b c")]
    public void A_line_is_cut_at_a_whole_character(string text, int most, string line) => Assert.Equal(line, Unmasked.Line(text, most));

    /// <summary>A whole document: as a browser reads it, since head and body are dropped from what is taken for a part of one.</summary>
    private IHtmlDocument Document(string name, DemoForm form) => Document(View(name), form, name);

    private IHtmlDocument Document(DemoView view, DemoForm form, string id = "demo") => new HtmlParser().ParseDocument(
        Render<DemoDocument>(parameters => parameters.Add(part => part.View, view).Add(part => part.Shell, new DemoShell { Form = form, Id = id })).Markup);

    private static DemoView View(string name) => new(Goldens.Read(name));
}
