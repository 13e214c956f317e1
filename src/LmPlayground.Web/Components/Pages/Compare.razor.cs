using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Runs;
using LmPlayground.Web.Runs.Comparisons;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LmPlayground.Web.Components.Pages;

/// <summary>Two to eight strategies or models side by side, on the same prompt and the same dice.</summary>
public sealed partial class Compare : IDisposable
{
    private CompareState _state = new();
    private PromptBox? _prompt;
    private ImmutableList<string> _notices = [];
    private IDisposable? _models;
    private int _column;
    private bool _samplerIsOpen;
    private bool _isReady;

    [Inject]
    private IComparisonManager Comparisons { get; set; } = null!;

    [Inject]
    private IModelList Models { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private bool Disabled => !_isReady;

    /// <summary>The column whose sampler is shown.</summary>
    private int Column => Math.Min(_column, _state.Columns.Length - 1);

    private ImmutableArray<ModelEntry> Usable => [.. Models.Entries.Where(entry => entry.State != ModelState.Failed && entry is { MaskToken: null, ReadsSource: false })];

    private string PromptText => _state.Prompt ?? ModelDefaults.Prompt(EntryOf(0)?.Card);

    private string? Error => _failure ?? _snapshot?.Error
        ?? (EntryOf(0) is null ? "There is no model. Start the playground with --models and a folder that holds one." : null);

    private ImmutableArray<string> Titles => [.. Enumerable.Range(0, _state.Columns.Length).Select(index => string.Join(", ", TitleOf(index)))];

    /// <inheritdoc/>
    public void Dispose()
    {
        Navigation.LocationChanged -= LocationChanged;
        _models?.Dispose();
        _writing?.Dispose();
        _asked?.Cancel();
        _scoring?.Cancel();
        _feed?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _feed = new RunFeed<ComparisonSnapshot>(Time, FlushAsync);
        _writing = new RestingAction(Time, Rest, () => WriteAddressAsync(), FailAsync);
        ReadAddress(new Uri(Navigation.Uri));
        _shownPrompt = PromptText;
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
        await FindAsync();
        _isReady = true;
        StateHasChanged();
    }

    private ModelEntry? EntryOf(int index) => ModelDefaults.Entry(Models.Entries, _state.Columns[index].ModelId);

    private SamplingOptions DefaultsOf(int index) => ModelDefaults.Sampling(EntryOf(index)?.Card);

    private SamplingOptions OptionsOf(int index) => _state.Columns[index].Sampling(DefaultsOf(index));

    /// <summary>The first column is called by what differs from its model's own settings, the others by what differs from the first.</summary>
    private ImmutableArray<string> TitleOf(int index)
    {
        var differences = ColumnTitle.Of(index == 0 ? DefaultsOf(0) : OptionsOf(0), OptionsOf(index));
        if (index > 0 && EntryOf(index)?.Id != EntryOf(0)?.Id && EntryOf(index) is { } other)
            return [other.Name, .. differences];
        return differences.IsEmpty ? [index == 0 ? "the model's own settings" : "as column 1"] : differences;
    }

    private string LinkOf(int index) => "/" + AddressWriter.Write(_state.Columns[index] with
    {
        Prompt = _state.Prompt,
        Stopping = _state.Stopping,
        Seed = _snapshot?.Seed ?? _state.Seed,
    });

    private async Task ChangeAsync(CompareState state)
    {
        _state = state;
        _failure = null;
        StateHasChanged();
        _writing!.Ask();
        await AskAsync();
    }

    private Task AddAsync()
    {
        _column = _state.Columns.Length;
        return ChangeAsync(_state.Added());
    }

    private Task RemoveAsync(int index) => ChangeAsync(_state.Without(index));

    private Task PickModelAsync(int index, string id) => ChangeAsync(_state.With(index, _state.Columns[index] with { ModelId = id }));

    private void SelectColumn(int index) => _column = index;

    private async Task CountTypedAsync(string text)
    {
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var typed) && !double.IsNaN(typed);
        var count = isNumber ? (int)Math.Clamp(Math.Round(typed), 1, AddressNames.MostNewTokens) : _state.Stopping.MaxNewTokens;
        if (!isNumber || count != typed)
            Notice(string.Create(CultureInfo.InvariantCulture, $"max_new_tokens {text} is no whole number from 1 to {AddressNames.MostNewTokens:N0}: {count} is used."));
        await ChangeAsync(_state with { Stopping = _state.Stopping with { MaxNewTokens = count } });
    }

    private async Task ModelsChangedAsync()
    {
        StateHasChanged();
        await ShowPromptAsync();
    }

    private void Notice(string notice) => _notices = _notices.Remove(notice).Add(notice);
}
