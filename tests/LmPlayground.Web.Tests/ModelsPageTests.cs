using Bunit;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;
using LmPlayground.Web.Downloads;
using ModelsPage = LmPlayground.Web.Components.Pages.Models;

namespace LmPlayground.Web.Tests;

public sealed class ModelsPageTests : PageTest
{
    public ModelsPageTests()
    {
        Models.Set(
            Entry("ready") with { State = ModelState.Ready, MemoryInBytes = 54_000_000, License = "mit" },
            Entry("idle"),
            Entry("loading") with { State = ModelState.Loading, Progress = 0.4 },
            Entry("broken") with { State = ModelState.Failed, Error = "model.onnx: is cut off." });
    }

    [Fact]
    public void Every_model_shows_its_state_and_the_one_thing_to_do_with_it()
    {
        var page = Render<ModelsPage>();
        Assert.Contains("ready, 54 MB in memory", Row(page, "ready"), StringComparison.Ordinal);
        Assert.Contains("mit", Row(page, "ready"), StringComparison.Ordinal);
        Assert.Equal("/?model=ready", page.Find("[data-testid=row-ready] [data-testid=use]").GetAttribute("href"));
        Assert.Contains("on disk", Row(page, "idle"), StringComparison.Ordinal);
        Assert.Contains("loading 40 %", Row(page, "loading"), StringComparison.Ordinal);
        Assert.Contains("model.onnx: is cut off.", Row(page, "broken"), StringComparison.Ordinal);
        page.Find("[data-testid=row-idle] [data-testid=load]").Click();
        page.Find("[data-testid=row-broken] [data-testid=again]").Click();
        Assert.Equal(["idle", "broken"], Loader.Asked);
    }

    [Fact]
    public void A_model_in_use_says_why_it_stays()
    {
        var page = Render<ModelsPage>();
        page.Find("[data-testid=row-ready] [data-testid=unload]").Click();
        Assert.Contains("A run uses it", Row(page, "ready"), StringComparison.Ordinal);
    }

    [Fact]
    public void Downloads_of_the_server_are_watched_cancelled_and_tried_again()
    {
        var page = Render<ModelsPage>();
        var download = new Download { Repository = HubRepositoryId.Parse("org/nice"), Variant = "q4" };
        Downloads.Set(download with { Progress = new DownloadProgress(59_000_000, 118_000_000, 5_900_000) });
        Rest();
        page.WaitForElement("[data-testid='download-org/nice:q4']");
        Assert.Contains("59 MB of 118 MB, 5.9 MB/s, 10 s left", page.Find("[data-testid='download-org/nice:q4']").TextContent, StringComparison.Ordinal);
        page.Find("[data-testid=cancel]").Click();
        Assert.Equal(["org/nice:q4"], Downloads.Cancelled);

        Downloads.Set(download with { Error = "The disk is full." });
        Rest();
        page.WaitForElement("[data-testid=forget]");
        page.Find("[data-testid='download-org/nice:q4'] [data-testid=again]").Click();
        Assert.Equal(["org/nice:q4"], Downloads.Started);
    }

    [Fact]
    public void A_search_leads_to_a_variant_with_its_size_and_its_download()
    {
        var page = Search("nice");
        Assert.Contains("1,234 downloads a month · licence mit", page.Find("[data-testid='found-org/nice']").TextContent, StringComparison.Ordinal);
        page.Find("[data-testid=choose]").Click();
        Assert.Equal("Download 118 MB", page.Find("[data-testid=download]").TextContent);
        page.Find("[data-testid=variant]").Change("full");
        Assert.Equal("Download 500 MB", page.Find("[data-testid=download]").TextContent);
        page.Find("[data-testid=download]").Click();
        Assert.Equal(["org/nice:full"], Downloads.Started);
    }

    [Fact]
    public void What_is_on_the_server_is_not_offered_again()
    {
        Models.Set(Entry("org/nice") with { IsFromHub = true, Variant = "q4" });
        var page = Search("nice");
        page.Find("[data-testid=choose]").Click();
        Assert.Empty(page.FindAll("[data-testid=download]"));
    }

    [Fact]
    public void Being_offline_is_one_quiet_line_and_another_failure_is_told_in_its_place()
    {
        Downloads.Failure = new HubException("unreachable") { IsOffline = true };
        var page = Search("nice");
        Assert.Equal("The hub cannot be reached. The models above work without it.", page.Find("[data-testid=hub-note]").TextContent);
        Assert.DoesNotContain("fault", page.Find("[data-testid=hub-note]").ClassName, StringComparison.Ordinal);

        Downloads.Failure = new HubException("The hub asks for fewer requests.");
        page.Find("form").Submit();
        Assert.Contains("fault", page.Find("[data-testid=hub-note]").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gated_repository_says_so_in_its_row()
    {
        var page = Search("nice");
        Downloads.Failure = new HubException("Accept its terms.");
        page.Find("[data-testid=choose]").Click();
        Assert.Contains("Accept its terms.", page.Find("[data-testid='found-org/nice']").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_does_not_download_for_its_visitors_says_so_and_offers_no_search()
    {
        Downloads.Refusal = "Not here.";
        var page = Render<ModelsPage>();
        Assert.Equal("Not here.", page.Find("[data-testid=hub-refusal]").TextContent);
        Assert.Empty(page.FindAll("[data-testid=hub-words]"));
    }

    private static ModelEntry Entry(string id) => new() { Id = id, Name = id, Directory = "/" + id, SizeInBytes = 13_000_000 };

    private static string Row(IRenderedComponent<ModelsPage> page, string id) => page.Find($"[data-testid=row-{id}]").TextContent;

    private IRenderedComponent<ModelsPage> Search(string words)
    {
        var page = Render<ModelsPage>();
        page.Find("[data-testid=hub-words]").Input(words);
        page.Find("form").Submit();
        page.WaitForElement("[data-testid=hub-note]");
        return page;
    }
}
