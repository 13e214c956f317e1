using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Runs;
using LmPlayground.Web.State;
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
    private ImmutableList<string> _notices = [];
    private IDisposable? _models;
    private string? _textReference;
    private bool _withIds;
    private bool _isReady;

    [Inject]
    private IModelList Models { get; set; } = null!;

    [Inject]
    private ITokenizerList Tokenizers { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Text => _state.Text ?? Example;

    private IEnumerable<Side> Sides => _second.ModelId is null ? [_first] : [_first, _second];

    /// <inheritdoc/>
    public void Dispose()
    {
        _models?.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        (_state, _textReference, var notices) = TokensState.Read(new Uri(Navigation.Uri));
        _notices = [.. notices];
        _first.ModelId = (Models.Entries.FirstOrDefault(entry => entry.Id == _state.ModelId) ?? (Models.Entries is [var any, ..] ? any : null))?.Id;
        _second.ModelId = Models.Entries.FirstOrDefault(entry => entry.Id == _state.OtherId)?.Id;
        if (_first.ModelId is null)
            _first.Error = "There is no model. Start the playground with --models and a folder that holds one.";
        else if (_state.ModelId is { } asked && asked != _first.ModelId)
            _notices = _notices.Add($"There is no model \"{asked}\" here.");
        if (RendererInfo.IsInteractive)
            _models = Models.Subscribe(() => _ = InvokeAsync(StateHasChanged));
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !RendererInfo.IsInteractive)
            return;
        await _box!.Attached;
        if (_textReference is { } reference)
        {
            if (await _box.RecallAsync(reference) is { } text)
            {
                _state = _state with { Text = text };
                await _box.WriteAsync(text);
            }
            else
            {
                _notices = _notices.Add("The text of this address was too long for it and was kept in the tab that wrote it: it is not here.");
            }
        }

        _isReady = true;
        await SplitAsync(Sides);
    }

    private string NameOf(Side side) => Models.Entries.FirstOrDefault(entry => entry.Id == side.ModelId)?.Name ?? "";

    private async Task EditedAsync(string text)
    {
        if (text == Text)
            return;
        _state = _state with { Text = text };
        await WriteAddressAsync();
        await SplitAsync(Sides);
    }

    private async Task PickAsync(Side side, string? id)
    {
        side.ModelId = string.IsNullOrEmpty(id) ? null : id;
        side.Split = null;
        _state = _state with { ModelId = _first.ModelId, OtherId = _second.ModelId };
        await WriteAddressAsync();
        await SplitAsync(Sides.Where(s => s == side));
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

    private async Task WriteAddressAsync()
    {
        var uri = new Uri(Navigation.Uri).GetLeftPart(UriPartial.Path) + _state.ToQuery();
        if (AddressWriter.IsTooLarge(_state.Text) && _box is not null)
            await _box.KeepAsync(AddressWriter.Reference(_state.Text!));
        if (uri != Navigation.Uri)
            Navigation.NavigateTo(uri, new NavigationOptions { ReplaceHistoryEntry = true });
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
