using System.Collections.Immutable;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Runs;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LmPlayground.Web.Components.Pages;

/// <summary>The playground: text, token, sampler; three places with one selection.</summary>
public sealed partial class Playground : IDisposable
{
    private const int MostNotices = 4;
    private static readonly ImmutableArray<string> FallbackExamples = [ModelDefaults.FallbackPrompt, "The little dog was very happy because", "One day, a girl found"];

    private PlaygroundState _state = new();
    private PromptBox? _prompt;
    private ImmutableList<string> _notices = [];
    private IDisposable? _models;
    private bool _tokenIsOpen;
    private bool _samplerIsOpen;
    private bool _isReady;

    [Inject]
    private IRunManager Runs { get; set; } = null!;

    [Inject]
    private IModelList Models { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>Until the browser and the prompt box are connected, clicks and typing would be lost.</summary>
    private bool Disabled => !_isReady;

    private ModelEntry? Entry => ModelDefaults.Entry(Models.Entries, _state.ModelId);

    private SamplingOptions Defaults => ModelDefaults.Sampling(Entry?.Card);

    private SamplingOptions Options => _state.Sampling(Defaults);

    private int ChangedCount => _state.Chosen.Keys.Count(name => Sampling.Stages.SamplingStages.Parameters.Any(
        parameter => parameter.Name == name && !Options[parameter].Equals(Defaults[parameter])));

    private string? MaskToken => Entry?.MaskToken;

    private bool IsMasked => MaskToken is not null;

    private string PromptText => _state.Prompt ?? (ReadsSource ? "" : ModelDefaults.Prompt(Entry?.Card, MaskToken));

    private IReadOnlyList<string> ShownExamples => (ReadsSource ? SourceText : PromptText).Length > 0 || (Steps.Count > 0 && !IsStale) ? []
        : Entry?.Card is { ExamplePrompts: { IsDefaultOrEmpty: false } examples } ? examples
        : ReadsSource ? [ModelDefaults.FallbackSource, "It rained all day, so the children stayed inside and built a house of cards."]
        : IsMasked ? [ModelDefaults.Prompt(null, MaskToken), $"Once there was a {MaskToken} who lived in a {MaskToken}."] : FallbackExamples;

    private string? Error => _failure ?? _snapshot?.Error ?? Entry switch
    {
        null => "There is no model. Start the playground with --models and a folder that holds one.",
        { State: ModelState.Failed, Error: var error } => error,
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Navigation.LocationChanged -= LocationChanged;
        _models?.Dispose();
        _writing?.Dispose();
        _whatIfAsker?.Dispose();
        _feed?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _feed = new RunFeed<RunSnapshot>(Time, FlushAsync);
        _whatIfAsker = new WhatIf(Time, PublishAsync, FailAsync);
        _writing = new RestingAction(Time, Rest, () => WriteAddressAsync(null), FailAsync);
        ReadAddress(new Uri(Navigation.Uri));
        _shownPrompt = PromptText;
        _shownSource = ReadsSource ? SourceText : null;
        if (!RendererInfo.IsInteractive)
            return;
        Navigation.LocationChanged += LocationChanged;
        _models = Models.Subscribe(() => _ = InvokeAsync(ModelsChangedAsync));
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !RendererInfo.IsInteractive)
            return;
        await _prompt!.Attached;
        await RecallPromptAsync();
        await RecallSourceAsync();
        await FindRunAsync();
        _isReady = true;
        StateHasChanged();
    }

    private async Task ChangeAsync(PlaygroundState state)
    {
        _state = state;
        StateHasChanged();
        _writing!.Ask();
        await AskWhatIfAsync();
    }

    private async Task PickModelAsync(string id)
    {
        await ChangeAsync(_state with { ModelId = id });
        _failure = null;
        await ShowTextsAsync();
    }

    private async Task PickExampleAsync(string prompt)
    {
        await ChangeAsync(ReadsSource ? _state with { Source = prompt } : _state with { Prompt = prompt });
        await ShowTextsAsync();
    }

    private Task ModelsChangedAsync()
    {
        StateHasChanged();
        return ShowTextsAsync();
    }

    private void Notice(string notice)
    {
        _notices = _notices.Remove(notice).Add(notice);
        if (_notices.Count > MostNotices)
            _notices = _notices.RemoveAt(0);
    }
}
