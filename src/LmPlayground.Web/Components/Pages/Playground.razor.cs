using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Making;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Components.Panels;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace LmPlayground.Web.Components.Pages;

/// <summary>The playground: text, token, sampler; three places with one selection.</summary>
public sealed partial class Playground : IDisposable
{
    private PlaygroundPage _page = null!;
    private PromptBox? _prompt;
    private PromptBox? _source;
    private bool _tokenIsOpen;
    private bool _samplerIsOpen;

    [Inject]
    private IRunManager Runs { get; set; } = null!;

    [Inject]
    private IModelList Models { get; set; } = null!;

    [Inject]
    private ITokenizerList Tokenizers { get; set; } = null!;

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
    private ILogger<Playground> Logger { get; set; } = null!;

    private bool Disabled => !_page.IsReady;

    private ModelChoice Choice => _page.Choice;

    private RunDetail? Detail => _page.Snapshot?.Detail;

    private string Placeholder => Choice.Entry?.MaskToken is { } mask ? Words["PlaceholderMasked", mask]
        : Choice.ReadsSource ? Words["PlaceholderDecoder"]
        : Choice.IsChat ? Words["PlaceholderChat"]
        : Words["PlaceholderText"];

    private string LegendText => _page.WhatIfSentence
        ?? (!_page.IsStale ? Words["LegendColour"]
        : _page.HasAsked ? Words["LegendOtherRun"]
        : Words[Choice.IsMasked ? "LegendOtherText" : "LegendOtherPrompt"]);

    /// <inheritdoc/>
    public void Dispose() => _page?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized() =>
        _page = new PlaygroundPage(Runs, Models, Tokenizers, Navigation, Time, new PageThread(InvokeAsync, StateHasChanged, Logger, PageWords, Tab.Presence));

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        (_page.Prompt.Box, _page.Source.Box) = (_prompt, Choice.ReadsSource ? _source : null);
        if (!firstRender || !RendererInfo.IsInteractive)
            return;
        await _prompt!.Attached;
        await Tab.ConnectAsync(_page.ConnectAsync);
    }

    private void ToggleSampler() => _samplerIsOpen = !_samplerIsOpen;

    private Task ShareAsync() => ShareDialog.OpenAsync(Dialogs, Navigation.Uri, Choice.Source ?? Choice.Prompt, (words, cancelled) => _page.MakeDemoAsync(Maker, words, cancelled));

    private Task RunKeyAsync(RunKeyEventArgs key)
    {
        if (key.Action == "generate" && !_page.IsRunning)
            return _page.GenerateAsync();
        if (key.Action == "stop")
            _page.Stop();
        return Task.CompletedTask;
    }

    private Task SelectAsync(TokenSelectEventArgs select)
    {
        _tokenIsOpen |= select.Open;
        return _page.MoveAsync(select.Index);
    }
}
