using System.Xml.Linq;
using LmPlayground.Generation;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Runs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Tests.Fakes;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Tests.Texts;

/// <summary>What the libraries say is looked up by its code, and is their own English where it is not found.</summary>
public class LibraryWordsTests
{
    private static readonly string File = Path.Combine(TestFiles.Root, "src", "LmPlayground.Web", "Texts", nameof(LibraryTexts) + ".resx");

    [Fact]
    public void The_template_for_translators_has_every_code_with_its_English()
    {
        var said = LibrarySentences.All();
        var template = XDocument.Load(File);
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_RECORD") == "1")
        {
            template.Root!.Elements("data").Remove();
            template.Root!.Add(said.Select(pair => new XElement(
                "data", new XAttribute("name", pair.Key), new XAttribute(XNamespace.Xml + "space", "preserve"), new XElement("value", pair.Value))));
            template.Save(File);
        }

        Assert.Equal(said.Select(pair => (pair.Key, pair.Value)), template.Root!.Elements("data").Select(data => (data.Attribute("name")!.Value, data.Element("value")!.Value)));
    }

    [Theory]
    [InlineData("temperature=9&top_k=none&num_beams=x&order=temperature,nothing,temperature&seed=-7&max_new_tokens=1.5")]
    [InlineData("num_beams=4&best_of=3&length_penalty=1&chat=banana&template_time=never&stop_token_id=a,b")]
    [InlineData("best_of=2&length_penalty=2&logit_bias=nonsense&column=temperature%3D9&column=column%3Dtop_k%253D1&num_beam_groups=2")]
    [InlineData("num_beams=4&num_beam_groups=3&stop=%5Cx&top_n_sigma=-3")]
    public void A_notice_by_its_code_is_the_notice_in_English(string query)
    {
        var notices = RunQuery.Read(query).Notices;
        Assert.NotEmpty(notices);
        Assert.All(notices, notice => Assert.Equal(notice.Text, Words.Page.Of(notice)));
    }

    [Fact]
    public void An_error_by_its_code_is_the_error_in_English()
    {
        var error = Assert.Throws<PromptException>(() => PromptEncoder.Check(new FakeModel(), []));
        Assert.Equal(("prompt.no_tokens", error.Message), (error.Code, Words.Page.Of(WorkErrors.Explain(error))));
    }

    [Fact]
    public void What_nobody_has_translated_is_said_in_English() =>
        Assert.Equal("It has 1,024 parts.", Words.Page.Of(Message.Of("never.heard", $"It has {1024:N0} parts.")));
}
