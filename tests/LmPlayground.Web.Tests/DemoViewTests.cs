using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Bunit;
using LmPlayground.Sharing.Reading;
using LmPlayground.Web.Components.Viewing;
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

    public static TheoryData<string> Goldens => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    private static string Folder => Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1");

    [Theory]
    [MemberData(nameof(Goldens))]
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
    [MemberData(nameof(Goldens))]
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
            Assert.Equal(form == DemoForm.Page ? 1 : 0, page.QuerySelectorAll("[data-testid=fork]").Length);
            Assert.Equal(form == DemoForm.Page ? 1 : 0, page.QuerySelectorAll("header.shell").Length);
        }
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
    private IHtmlDocument Document(string name, DemoForm form) => new HtmlParser().ParseDocument(
        Render<DemoDocument>(parameters => parameters.Add(part => part.View, View(name)).Add(part => part.Shell, new DemoShell { Form = form, Id = name })).Markup);

    private static DemoView View(string name) => new(SharedDemoReader.Read(File.ReadAllBytes(Path.Combine(Folder, name + ".json"))));
}
