using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Tokenizers;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Pages;

/// <summary>Any text as the tokens of any model, two tokenizers side by side.</summary>
public sealed partial class Tokens : IDisposable
{
    private const string Example = "The little fox couldn't sleep. 天空很蓝。 👩‍🚀 naïve 3.14159";

    private readonly Side _first = new();
    private readonly Side _second = new();
    private readonly CancellationTokenSource _leaving = new();
    private TokensState _state = new();
    private PromptBox? _box;
    private readonly NoticeList _notices = new();
    private readonly PageBoxes _boxes = new();
    private PageAddress<TokensState> _address = null!;
    private PageThread _thread = null!;
    private IDisposable? _models;
    private bool _withIds;
    private bool _isReady;

    [Inject]
    private IModelList Models { get; set; } = null!;

    [Inject]
    private ITokenizerList Tokenizers { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private PageWords PageWords { get; set; } = null!;

    [Inject]
    private ILogger<Tokens> Logger { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Text => _state.Text ?? Example;

    private IEnumerable<Side> Sides => _second.ModelId is null ? [_first] : [_first, _second];

    /// <inheritdoc/>
    public void Dispose()
    {
        _models?.Dispose();
        _address?.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _thread = new PageThread(InvokeAsync, StateHasChanged, Logger, PageWords);
        _address = new PageAddress<TokensState>(Navigation, Time, TokensState.Format, _boxes, Notice, _thread);
        _state = _address.Read();
        _first.ModelId = (Models.Entries.FirstOrDefault(entry => entry.Id == _state.ModelId) ?? (Models.Entries is [var any, ..] ? any : null))?.Id;
        _second.ModelId = Models.Entries.FirstOrDefault(entry => entry.Id == _state.OtherId)?.Id;
        if (_first.ModelId is null)
            _first.Error = PageWords["NoModels"];
        else if (_state.ModelId is { } asked && asked != _first.ModelId)
            _notices.Add(Words["NoSuchModel", asked]);
        if (RendererInfo.IsInteractive)
            _models = Models.Subscribe(() => _thread.Post(RenderAsync));
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !RendererInfo.IsInteractive)
            return;
        await _box!.Attached;
        _boxes[RunSettings.Prompt.Name].Box = _box;
        _boxes[RunSettings.Prompt.Name].Shows(Text);
        _address.Follow(() => _state, (state, _) => _thread.Post(() => ReturnAsync(state)));
        _state = await _address.RecallAsync(_state);
        await _boxes[RunSettings.Prompt.Name].ShowAsync(Text);
        _isReady = true;
        await SplitAsync(Sides);
    }

    private string NameOf(Side side) => Models.Entries.FirstOrDefault(entry => entry.Id == side.ModelId)?.Name ?? "";

    private IReadOnlyList<SelectOption> OptionsOf(Side side) =>
    [
        .. side == _second ? [new SelectOption("", Words["NoSecondTokenizer"])] : (IEnumerable<SelectOption>)[],
        .. Models.Entries.Select(entry => new SelectOption(entry.Id, entry.Name)),
    ];

    private void Notice(string notice)
    {
        _notices.Add(notice);
        if (_isReady)
            StateHasChanged();
    }

    private Task RenderAsync()
    {
        StateHasChanged();
        return Task.CompletedTask;
    }

    /// <summary>The reader has gone back or forward.</summary>
    private async Task ReturnAsync(TokensState state)
    {
        _state = await _address.RecallAsync(state);
        (_first.ModelId, _second.ModelId) = (_state.ModelId ?? _first.ModelId, _state.OtherId);
        await _boxes[RunSettings.Prompt.Name].ShowAsync(Text);
        await SplitAsync(Sides);
    }

    private Task EditedAsync(string text)
    {
        _boxes[RunSettings.Prompt.Name].Shows(text);
        if (text == Text)
            return Task.CompletedTask;
        _state = _state with { Text = text };
        _address.Edited();
        return SplitAsync(Sides);
    }

    private Task PickAsync(Side side, string? id)
    {
        side.ModelId = string.IsNullOrEmpty(id) ? null : id;
        side.Split = null;
        _state = _state with { ModelId = _first.ModelId, OtherId = _second.ModelId };
        _address.Edited();
        return SplitAsync(Sides.Where(s => s == side));
    }

    private Task AddAsync() => PickAsync(_second, (Models.Entries.FirstOrDefault(entry => entry.Id != _first.ModelId) ?? (Models.Entries is [var any, ..] ? any : null))?.Id);

    /// <summary>Splits the text off the page's thread; what a newer text or model overtakes is dropped.</summary>
    private Task SplitAsync(IEnumerable<Side> sides)
    {
        StateHasChanged();
        return Task.WhenAll(sides.ToList().Select(SplitAsync));
    }

    private async Task SplitAsync(Side side)
    {
        if (side.ModelId is not { } id)
            return;
        var text = Text;
        var turn = ++side.Turn;
        var leaving = _leaving.Token;
        (TokenSplit? Split, string? Error) result;
        try
        {
            var tokenizer = await Tokenizers.LoadAsync(id, leaving);
            result = (turn == side.Turn ? await Task.Run(() => TokenSplit.Of(tokenizer, text), leaving) : null, null);
        }
        catch (Exception error) when (error is ModelLoadException or ModelRunException)
        {
            result = (null, error.Message);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (turn != side.Turn)
            return;
        (side.Split, side.Error) = result;
        StateHasChanged();
    }

    /// <summary>One tokenizer of the page.</summary>
    private sealed class Side
    {
        public string? ModelId { get; set; }

        public TokenSplit? Split { get; set; }

        public string? Error { get; set; }

        public int Turn { get; set; }
    }
}
