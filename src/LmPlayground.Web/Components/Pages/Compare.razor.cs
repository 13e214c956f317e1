using System.Collections.Immutable;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sharing.Making;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Components.Panels;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace LmPlayground.Web.Components.Pages;

/// <summary>Two to eight strategies or models side by side, on the same prompt and the same dice.</summary>
public sealed partial class Compare : IDisposable
{
    private static readonly Setting<double> LengthSetting = StopSettings.Of(LengthRule.MaxNewTokens);

    private ComparePage _page = null!;
    private PromptBox? _prompt;
    private bool _samplerIsOpen;

    [Inject]
    private IRunManager Runs { get; set; } = null!;

    [Inject]
    private IModelList Models { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private BrowserTab Tab { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private DemoMaker Maker { get; set; } = null!;

    [Inject]
    private PageWords PageWords { get; set; } = null!;

    [Inject]
    private ILogger<Compare> Logger { get; set; } = null!;

    private bool Disabled => !_page.IsReady;

    private ModelChoice Choice => _page.Choices[_page.Column];

    private ImmutableArray<string> Titles => [.. _page.Titles.Select(title => string.Join(", ", title))];

    /// <inheritdoc/>
    public void Dispose() => _page?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized() =>
        _page = new ComparePage(Runs, Models, Navigation, Time, new PageThread(InvokeAsync, StateHasChanged, Logger, PageWords, Tab.Presence));

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _page.Prompt.Box = _prompt;
        if (!firstRender || !RendererInfo.IsInteractive)
            return;
        await _prompt!.Attached;
        await Tab.ConnectAsync(_page.ConnectAsync);
    }

    /// <summary>A sentence in which a term explains itself, if it is there.</summary>
    private static RenderFragment WithTerm(string sentence, string term) => builder =>
    {
        var at = sentence.IndexOf(term, StringComparison.Ordinal);
        builder.AddContent(0, at < 0 ? sentence : sentence[..at]);
        if (at < 0)
            return;
        builder.OpenComponent<Term>(1);
        builder.AddComponentParameter(2, nameof(Term.Of), term);
        builder.CloseComponent();
        builder.AddContent(3, sentence[(at + term.Length)..]);
    };

    private Task ShareAsync() => ShareDialog.OpenAsync(Dialogs, Navigation.Uri, _page.PromptText, (words, cancelled) => _page.MakeDemoAsync(Maker, words, cancelled));

    private Task RunKeyAsync(RunKeyEventArgs key)
    {
        if (key.Action == "generate" && !_page.IsRunning)
            return _page.GenerateAsync();
        if (key.Action == "stop")
            _page.Stop();
        return Task.CompletedTask;
    }
}
