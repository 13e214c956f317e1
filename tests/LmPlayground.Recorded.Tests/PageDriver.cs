using System.Text.Json.Nodes;
using Bunit;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sharing.Making;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Pages;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Hosting;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace LmPlayground.Recorded.Tests;

/// <summary>
/// Opens an address on the real page over the real services and models, presses its first button, and reads what came out. All that
/// the recordings know of the pages' and runs' internals is here.
/// </summary>
public sealed class PageDriver : IAsyncLifetime
{
    private const string Tab = "tab";
    private static readonly string[] ZooModels = ["bert", "t5", "bart", "gpt2"];

    private readonly ServiceProvider _host = CreateHost();

    /// <summary>Reads every model, as the server does at its start: a page whose model is not known yet has other defaults.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var entry in _host.GetRequiredService<IModelList>().Entries)
            (await _host.GetRequiredService<IModelLoader>().AcquireAsync(entry.Id, CancellationToken.None)).Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>The playground page: the run's tokens, and the address that it leaves.</summary>
    internal async Task<JsonObject> GenerateAsync(string address)
    {
        await using var page = new Page(_host);
        await page.PressAsync<Playground>(address);
        if (_host.GetRequiredService<IRunManager>().FindRun(page.TabId) is not { } run)
            return page.Left(new JsonObject());
        var (end, error) = await EndOf(run.Job);
        var result = Tokens(end.Steps, end.Summary, error);
        if (end.MaskedSummary is { } filled)
            result["text"] = filled.Text;
        if (end.RenderedPrompt is { } rendered)
            result["rendered_prompt"] = rendered;
        if (end.Beams is { } beams)
            result["sequences"] = new JsonArray([.. beams.Step.Finished.Select(beam => (JsonNode)Ids(beam.Ids))]);
        return page.Left(result);
    }

    /// <summary>The compare page: the tokens of each column, and the address that it leaves.</summary>
    internal async Task<JsonObject> CompareAsync(string address)
    {
        await using var page = new Page(_host);
        await page.PressAsync<Compare>(address);
        if (_host.GetRequiredService<IRunManager>().FindComparison(page.TabId) is not { } comparison)
            return page.Left(new JsonObject());
        var (end, error) = await EndOf(comparison.Job);
        var result = new JsonObject { ["columns"] = new JsonArray([.. end.Columns.Select(column => (JsonNode)Tokens(column.Steps, column.Summary, column.Error?.Text))]) };
        if (error is not null)
            (result["failed"], result["about_error"]) = (true, error);
        return page.Left(result);
    }

    private static JsonObject Tokens(IEnumerable<TokenStep> steps, GenerationSummary? summary, string? error)
    {
        var result = new JsonObject { ["ids"] = Ids(steps.Select(step => step.Id)) };
        if (summary is not null)
            (result["text"], result["finish"], result["prompt_tokens"]) = (summary.Text, NameOf(summary.FinishReason), summary.PromptTokens);
        if (error is not null)
            (result["failed"], result["about_error"]) = (true, error);
        return result;
    }

    /// <summary>A reason as it was called when the recordings were made.</summary>
    private static string NameOf(FinishReason reason) =>
        string.Concat(reason.Name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static JsonArray Ids(IEnumerable<int> ids) => new([.. ids.Select(id => (JsonNode)id)]);

    private static async Task<(T Detail, string? Error)> EndOf<T>(IJob<T> job)
    {
        await job.Completion.WaitAsync(TimeSpan.FromMinutes(1), Xunit.TestContext.Current.CancellationToken);
        return (job.Snapshot.Detail, job.Snapshot.Error?.Text);
    }

    private static ServiceProvider CreateHost()
    {
        // The models of whoever runs the tests are none of theirs.
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", Path.Combine(AppContext.BaseDirectory, "no-hub-cache"));
        return new ServiceCollection().AddLogging()
            .AddPlayground(new ConfigurationBuilder().Build(), [.. ZooModels.Select(TestFiles.Zoo)])
            .BuildServiceProvider();
    }

    /// <summary>One tab of a browser. Its clock stands still: nothing but the button makes it do anything.</summary>
    private sealed class Page : BunitContext
    {
        private string[] _notices = [];
        private string? _error;

        internal Page(IServiceProvider host)
        {
            JSInterop.Mode = JSRuntimeMode.Loose;
            JSInterop.SetupModule("./js/tab.js").Setup<string?>("id").SetResult(TabId);
            Services.AddMudServices(options => options.PopoverOptions.CheckForPopoverProvider = false);
            Services.AddSingleton<TimeProvider>(new FakeTimeProvider());
            Services.AddSingleton(host.GetRequiredService<IRunManager>());
            Services.AddSingleton(host.GetRequiredService<IModelList>());
            Services.AddSingleton(host.GetRequiredService<IModelLoader>());
            Services.AddLogging();
            Services.AddTexts();
            Services.AddSingleton(host.GetRequiredService<ITokenizerList>());
            Services.AddSingleton(new DemoMaker(host.GetRequiredService<GenerationEngine>(), TimeProvider.System));
            Services.AddSingleton(host.GetRequiredService<DemoBeginnings>());
            Services.AddScoped<Presence>();
            Services.AddScoped<BrowserTab>();
            Services.AddScoped<Visitor>();
            Services.AddSingleton(host.GetRequiredService<Arrivals>());
            SetRendererInfo(new RendererInfo("Server", true));
        }

        internal string TabId { get; } = Guid.NewGuid().ToString("N");

        private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

        internal async Task PressAsync<TPage>(string address)
            where TPage : Microsoft.AspNetCore.Components.IComponent
        {
            Navigation.NavigateTo(address);
            var page = Render<TPage>();
            await page.InvokeAsync(() => { });
            _notices = [.. page.FindAll("[data-testid=notices] li").Select(notice => notice.TextContent)];
            await page.Find("[data-testid=generate]").ClickAsync(new());
            _error = page.FindAll("[data-testid=error]") is [var error, ..] ? error.TextContent : null;
        }

        /// <summary>The result with what the page says and the address that it has now: names in their alphabetical order, each with its values.</summary>
        internal JsonObject Left(JsonObject result)
        {
            var query = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
            result["address"] = new JsonObject(query.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair =>
                KeyValuePair.Create(pair.Key, (JsonNode?)new JsonArray([.. pair.Value.Select(value => (JsonNode?)value)]))));
            result["notices"] = _notices.Length;
            if (_notices.Length > 0)
                result["about_notices"] = new JsonArray([.. _notices.Select(notice => (JsonNode)notice)]);
            if (_error is not null)
                (result["failed"], result["about_error"]) = (true, _error);
            return result;
        }
    }
}
