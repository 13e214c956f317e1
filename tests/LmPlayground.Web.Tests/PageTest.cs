using AngleSharp.Dom;
using Bunit;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Making;
using LmPlayground.Sharing.Replaying;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Components.Pages;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Downloads;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace LmPlayground.Web.Tests;

/// <summary>The page with fakes around it: runs that a test drives, a list of models, and a clock that stands still.</summary>
public abstract class PageTest : BunitContext, IAsyncLifetime
{
    private readonly FakeRunManager _runs;

    protected PageTest()
    {
        _runs = new FakeRunManager(Models);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(options => options.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddLogging();
        Services.AddTexts();
        Services.AddSingleton<RecordedDemos>();
        Services.AddSingleton<DemoBeginnings>();
        Services.AddScoped<Presence>();
        Services.AddScoped<BrowserTab>();
        Services.AddScoped<Visitor>();
        Services.AddSingleton(new Arrivals(Clock));
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton(new DemoMaker(new GenerationEngine(new GenerationOptions(), Clock), Clock));
        Services.AddSingleton<IRunManager>(_runs);
        Services.AddSingleton<IReplayManager>(Replays);
        Services.AddSingleton<IDemoOpener>(Demos);
        Services.AddSingleton<IModelList>(Models);
        Services.AddSingleton<IModelLoader>(Loader);
        Services.AddSingleton(new VisitorPolicy(Options.Create(new DownloadOptions()), Options.Create(new ModelOptions()), new Visitor { IsAtThisMachine = true }));
        Services.AddSingleton<IDownloads>(Downloads);
        Services.AddSingleton<ITokenizerList>(Tokenizers);
        Models.Set(
            Scripted.Model("transformer", "Story Transformer", new GenerationDefaults { DoSample = true, Temperature = 0.8, TopP = 0.95 }),
            Scripted.Model("lstm", "Story LSTM"));
        SetRendererInfo(new RendererInfo("Server", true));
    }

    internal FakeTimeProvider Clock { get; } = new();

    /// <summary>What the page has asked for, after everything that it was told before.</summary>
    internal FakeRunManager Runs
    {
        get
        {
            Settle();
            return _runs;
        }
    }

    /// <summary>The same for the compare page.</summary>
    internal FakeComparisons Comparisons
    {
        get
        {
            Settle();
            return _runs.Comparisons;
        }
    }

    internal FakeReplays Replays { get; } = new();

    internal FakeOpener Demos { get; } = new();

    internal FakeModelList Models { get; } = new();

    internal FakeModelLoader Loader { get; } = new();

    internal FakeDownloads Downloads { get; } = new();

    internal FakeTokenizerList Tokenizers { get; } = new();

    internal NavigationManager Navigation
    {
        get
        {
            Settle();
            return Services.GetRequiredService<NavigationManager>();
        }
    }

    /// <summary>MudBlazor's services can only be disposed of asynchronously.</summary>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    protected IRenderedComponent<Playground> Open(string query = "")
    {
        Navigation.NavigateTo("/" + query);
        return Render<Playground>();
    }

    protected IRenderedComponent<Compare> OpenCompare(string query = "")
    {
        Navigation.NavigateTo("/compare" + query);
        return Render<Compare>();
    }

    /// <summary>Lets the page's timers fire once.</summary>
    protected void Tick() => Advance(Throttle.Interval);

    /// <summary>Lets the clock go on to where everything that waits for rest has happened.</summary>
    protected void Rest() => Advance(TimeSpan.FromSeconds(1));

    /// <summary>Events are queued while the page is busy: what is looked at next must come after them.</summary>
    private void Settle() => Renderer.Dispatcher.InvokeAsync(() => { }).GetAwaiter().GetResult();

    private void Advance(TimeSpan time)
    {
        Settle();
        Clock.Advance(time);
        Settle();
    }
}

internal static class PageExtensions
{
    public static IElement Part<T>(this IRenderedComponent<T> page, string testId)
        where T : Microsoft.AspNetCore.Components.IComponent => page.Settled().Find($"[data-testid={testId}]");

    public static IReadOnlyList<IElement> Parts<T>(this IRenderedComponent<T> page, string testId)
        where T : Microsoft.AspNetCore.Components.IComponent => page.Settled().FindAll($"[data-testid={testId}]");

    /// <summary>The page after every event that was raised so far.</summary>
    public static IRenderedComponent<T> Settled<T>(this IRenderedComponent<T> page)
        where T : Microsoft.AspNetCore.Components.IComponent
    {
        page.InvokeAsync(() => { }).GetAwaiter().GetResult();
        return page;
    }

    /// <summary>The words of a part, those of different elements apart as they are on the screen.</summary>
    public static string Text<T>(this IRenderedComponent<T> page, string testId)
        where T : Microsoft.AspNetCore.Components.IComponent =>
        string.Join(' ', page.Part(testId).GetDescendants().OfType<IText>()
            .SelectMany(text => text.Data.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    public static void Type<T>(this IRenderedComponent<T> page, string prompt)
        where T : Microsoft.AspNetCore.Components.IComponent =>
        page.Find(".mirror").TriggerEvent("onpromptedit", new PromptEditEventArgs { Text = prompt });

    /// <summary>A select as the page has it.</summary>
    public static Select Picker<T>(this IRenderedComponent<T> page, string testId)
        where T : class, Microsoft.AspNetCore.Components.IComponent =>
        page.Settled().FindComponents<Select>().Single(select => select.Instance.TestId == testId).Instance;

    /// <summary>Chooses another value of a select.</summary>
    public static void Pick<T>(this IRenderedComponent<T> page, string testId, string value)
        where T : class, Microsoft.AspNetCore.Components.IComponent
    {
        var select = page.Picker(testId);
        Assert.False(select.Disabled);
        Assert.Contains(value, select.Options.Select(option => option.Value));
        page.InvokeAsync(() => select.Changed.InvokeAsync(value)).GetAwaiter().GetResult();
    }

    /// <summary>Brings a stage into sight.</summary>
    public static void AddStage<T>(this IRenderedComponent<T> page, string name)
        where T : class, Microsoft.AspNetCore.Components.IComponent
    {
        var menu = page.Settled().FindComponent<AddStage>().Instance;
        var stage = LmPlayground.Sampling.Stages.SamplingStages.Find(name)!;
        Assert.DoesNotContain(stage, menu.Shown);
        page.InvokeAsync(() => menu.Added.InvokeAsync(stage)).GetAwaiter().GetResult();
    }

    public static void Select<T>(this IRenderedComponent<T> page, int index)
        where T : Microsoft.AspNetCore.Components.IComponent =>
        page.Part("tokens").TriggerEvent("ontokenselect", new TokenSelectEventArgs { Index = index, Open = true });
}
