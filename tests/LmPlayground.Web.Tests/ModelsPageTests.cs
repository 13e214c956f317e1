using Bunit;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;
using LmPlayground.Runs.Messages;
using LmPlayground.Web.Components.Layout;
using LmPlayground.Web.Downloads;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
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

    [Theory]
    [InlineData(51, 2, 1)]
    [InlineData(100, 2, 50)]
    [InlineData(10_000, 200, 50)]
    public void Many_models_are_shown_page_by_page(int count, int pages, int onTheLast)
    {
        Models.Set([.. Enumerable.Range(0, count).Select(i => Entry($"m{i}"))]);
        var page = Render<ModelsPage>();
        Assert.Equal(50, page.FindAll(".model-row").Count);
        Assert.Equal(1, Models.Refreshes);
        page.FindAll(".model-pages button").First(button => button.TextContent.Trim() == $"{pages}").Click();
        Assert.Equal(onTheLast, page.FindAll(".model-row").Count);
        Assert.Equal($"row-m{count - 1}", page.FindAll(".model-row")[^1].GetAttribute("data-testid"));
        Assert.EndsWith($"{count:N0} models", page.Find("[data-testid=range]").TextContent, StringComparison.Ordinal);

        // The list has become shorter meanwhile: the last page that there is.
        Models.Set([.. Enumerable.Range(0, 60).Select(i => Entry($"m{i}"))]);
        Rest();
        page.WaitForAssertion(() => Assert.Equal(10, page.FindAll(".model-row").Count));
    }

    [Theory]
    [InlineData("", 10_000, "1 to 50 of 10,000 models")]
    [InlineData("m9999", 1, "1 of 10,000 models")]
    [InlineData("M99 disk", 111, "1 to 50 of 111 of 10,000 models")]
    [InlineData("q4", 5_000, "1 to 50 of 5,000 of 10,000 models")]
    [InlineData("recurrent", 1, "1 of 10,000 models")]
    [InlineData("failed", 1, "1 of 10,000 models")]
    [InlineData("dragon", 0, "No model has these words")]
    public void Words_find_models_by_name_variant_kind_and_state(string words, int found, string range)
    {
        ModelEntry[] entries = [.. Enumerable.Range(0, 10_000).Select(i => Entry($"m{i}") with { Variant = i % 2 == 0 ? "q4" : "full" })];
        var lstm = Scripted.Model("story", "Story");
        entries[5] = lstm with { Card = lstm.Card! with { Kind = ModelKind.Recurrent, ContextLength = null } };
        entries[7] = entries[7] with { State = ModelState.Failed };
        Models.Set(entries);
        var page = Render<ModelsPage>();
        page.FindAll(".model-pages button").First(button => button.TextContent.Trim() == "3").Click();
        page.Find("[data-testid=filter]").Input(words);
        Assert.Equal(Math.Min(found, 50), page.FindAll(".model-row").Count);
        Assert.Equal(range, page.Find("[data-testid=range]").TextContent);
    }

    [Fact]
    public void What_a_change_of_the_list_makes_fit_is_found_without_another_word()
    {
        var page = Render<ModelsPage>();
        page.Find("[data-testid=filter]").Input("failed");
        Assert.Equal(["row-broken"], page.FindAll(".model-row").Select(row => row.GetAttribute("data-testid")));
        Models.Set(Entry("other") with { State = ModelState.Failed });
        Rest();
        page.WaitForAssertion(() => Assert.Equal(["row-other"], page.FindAll(".model-row").Select(row => row.GetAttribute("data-testid"))));
    }

    [Fact]
    public void The_columns_have_headings_and_each_row_says_the_same_to_those_who_hear_it()
    {
        var page = Render<ModelsPage>();
        string[] facts = ["Size", "Weights", "Kind", "Context", "Licence"];
        Assert.Equal(facts, page.FindAll(".model-head .model-facts > span").Select(heading => heading.TextContent.Trim()));
        Assert.Equal(facts, page.FindAll("[data-testid=row-ready] dt").Select(name => name.TextContent));
    }

    [Theory]
    [InlineData(ModelKind.FeedForward, null, 12, "feed-forward", "reads the last 12 tokens")]
    [InlineData(ModelKind.NGram, null, 4, "5-gram", "reads the last 4 tokens")]
    [InlineData(ModelKind.NGram, null, 1, "2-gram", "reads the last token")]
    [InlineData(ModelKind.NGram, null, 0, "1-gram", "reads no token before")]
    [InlineData(ModelKind.Recurrent, null, null, "recurrent", "no limit, but forgets")]
    [InlineData(ModelKind.ConcatCacheDecoder, 2_048, null, "Transformer, llama", "2,048 tokens")]
    [InlineData(ModelKind.EncoderDecoder, null, null, "encoder-decoder, llama", "no limit")]
    public void The_context_is_what_the_model_sees(ModelKind kind, int? length, int? window, string named, string context)
    {
        var model = Scripted.Model("one", "One");
        Models.Set(model with { Card = model.Card! with { Kind = kind, ContextLength = length, Window = window } });
        var page = Render<ModelsPage>();
        Assert.Equal(context, page.Find("[data-testid=row-one] .context dd").TextContent);
        Assert.Equal(named, page.Find("[data-testid=row-one] .kind dd").TextContent);
    }

    [Fact]
    public void Few_models_have_no_pages() => Assert.Empty(Render<ModelsPage>().FindAll(".model-pages"));

    [Fact]
    public void A_folder_that_is_not_there_is_said()
    {
        Models.Problems = ["/models: there is no such folder. It is looked for again."];
        Assert.Equal(Models.Problems[0], Render<ModelsPage>().Find("[data-testid=problem]").TextContent);
    }

    [Fact]
    public void What_could_not_be_used_of_a_models_files_is_said_on_the_page_and_in_the_picker()
    {
        string[] notices = ["config.json: at rope: a number was expected.", "generation_config.json: at top_k: a whole number was expected."];
        var model = Scripted.Model("odd", "Odd");
        model = model with { Card = model.Card! with { Notices = [.. notices] } };
        Models.Set(model, Entry("idle"));
        Assert.Equal(notices, Render<ModelsPage>().FindAll("[data-testid=row-odd] [data-testid=notice]").Select(notice => notice.TextContent));

        var menus = Render<MudPopoverProvider>();
        var picker = Render<ModelPicker>(parameters => parameters.Add(p => p.Entries, Models.Entries).Add(p => p.Current, model));
        picker.Find("[data-testid=model-picker]").Click();
        menus.WaitForAssertion(() => Assert.Equal(notices, menus.FindAll("[data-testid=notice]").Select(notice => notice.TextContent)));
    }

    [Fact]
    public void The_picker_offers_the_first_of_many_models_and_the_one_in_use()
    {
        Models.Set([.. Enumerable.Range(0, 10_000).Select(i => Entry($"m{i}"))]);
        var menus = Render<MudPopoverProvider>();
        var picker = Render<ModelPicker>(parameters => parameters.Add(p => p.Entries, Models.Entries).Add(p => p.Current, Models.Entries[5000]));
        picker.Find("[data-testid=model-picker]").Click();
        menus.WaitForAssertion(() => Assert.Equal("All 10,000 models", menus.Find("[data-testid=more-models]").TextContent.Trim()));
        Assert.Equal(102, menus.FindAll(".model-item").Count);
        Assert.NotNull(menus.Find("[data-testid=model-m5000].on"));
    }

    [Fact]
    public void A_model_in_use_says_why_it_stays()
    {
        var page = Render<ModelsPage>();
        page.Find("[data-testid=row-ready] [data-testid=unload]").Click();
        Assert.Contains("A run uses it", Row(page, "ready"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_has_left_memory_is_told_of()
    {
        Loader.Unloads = true;
        var told = Render<MudSnackbarProvider>();
        Render<ModelsPage>().Find("[data-testid=row-ready] [data-testid=unload]").Click();
        told.WaitForAssertion(() => Assert.Contains("ready is out of memory. Its files stay on the disk.", told.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void A_download_of_which_nothing_has_come_ends_unasked()
    {
        var page = Render<ModelsPage>();
        Downloads.Set(new Download { Repository = HubRepositoryId.Parse("org/nice"), Variant = "q4" });
        Rest();
        page.WaitForElement("[data-testid=cancel]").Click();
        Assert.Equal(["org/nice:q4"], Downloads.Cancelled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_download_that_has_ended_is_told_of_on_every_page_and_one_that_was_cancelled_on_none(bool isThere)
    {
        Downloads.Set(new Download { Repository = HubRepositoryId.Parse("org/nice"), Variant = "q4" });
        var told = Render<MudSnackbarProvider>();
        Render<DownloadWatch>();
        Downloads.Set();
        if (isThere)
            Models.Set(Entry("org/nice") with { IsFromHub = true, Variant = "q4" });
        else
            Models.Set(Entry("org/nice:full") with { IsFromHub = true, Variant = "full" });
        told.WaitForState(() => told.Markup.Contains("org/nice (q4) has come. It can be used.", StringComparison.Ordinal) == isThere);
        Models.Set([.. Models.Entries]);
        Assert.Equal(isThere ? 1 : 0, Services.GetRequiredService<ISnackbar>().ShownSnackbars.Count());
    }

    [Fact]
    public void Who_may_not_download_is_told_of_no_download()
    {
        Downloads.Refusal = "Not here.";
        Downloads.Set(new Download { Repository = HubRepositoryId.Parse("org/nice"), Variant = "q4" });
        Render<DownloadWatch>();
        Downloads.Set();
        Models.Set(Entry("org/nice") with { IsFromHub = true, Variant = "q4" });
        Assert.Empty(Services.GetRequiredService<ISnackbar>().ShownSnackbars);
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
        var dialogs = Render<MudDialogProvider>();
        page.Find("[data-testid=cancel]").Click();
        dialogs.WaitForAssertion(() => Assert.Contains("59 MB of 118 MB have come. They stay", dialogs.Markup, StringComparison.Ordinal));
        dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Go on").Click();
        Assert.Empty(Downloads.Cancelled);
        page.Find("[data-testid=cancel]").Click();
        dialogs.WaitForElements("button").Single(button => button.TextContent.Trim() == "Cancel it").Click();
        page.WaitForAssertion(() => Assert.Equal(["org/nice:q4"], Downloads.Cancelled));

        Downloads.Set(download with { Error = Message.Of("test", $"The disk is full.") });
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
        page.Pick("variant", "full");
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
