using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace LmPlayground.Web.Components.Pages;

/// <content>The page's address, and the prompt that is part of it.</content>
public partial class Compare
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(400);

    private RestingAction? _writing;
    private string? _promptReference;
    private string? _written;
    private string _shownPrompt = "";

    private void ReadAddress(Uri uri)
    {
        (_state, _promptReference, var notices) = CompareAddress.Read(uri);
        foreach (var notice in notices)
            Notice(notice);
    }

    private void LocationChanged(object? sender, LocationChangedEventArgs change)
    {
        if (change.Location != _written && new Uri(change.Location).AbsolutePath == CompareAddress.Path)
            _ = InvokeAsync(() => ReturnAsync(change.Location));
    }

    private async Task ReturnAsync(string location)
    {
        _writing?.Dispose();
        _written = location;
        ReadAddress(new Uri(location));
        StateHasChanged();
        if (_promptReference is null)
            await ShowPromptAsync();
        else
            await RecallPromptAsync();
    }

    private async Task PromptEditedAsync(string text)
    {
        _shownPrompt = text;
        if (text != PromptText)
            await ChangeAsync(_state with { Prompt = text });
    }

    private async Task ShowPromptAsync()
    {
        if (PromptText == _shownPrompt || _prompt is null)
            return;
        _shownPrompt = PromptText;
        await _prompt.WriteAsync(PromptText);
    }

    private async Task RecallPromptAsync()
    {
        if (_promptReference is not { } reference)
            return;
        _promptReference = null;
        if (await _prompt!.RecallAsync(reference) is { } prompt)
            _state = _state with { Prompt = prompt };
        else
            Notice("The prompt of this address was too long for it and was kept in the tab that wrote it: it is not here.");
        StateHasChanged();
        await ShowPromptAsync();
    }

    /// <summary>Writes the state into the address: the latest comparison that was started stays one step back in the history.</summary>
    private async Task WriteAddressAsync(bool asNewEntry = false)
    {
        var uri = new Uri(Navigation.Uri).GetLeftPart(UriPartial.Path) + CompareAddress.Write(_state);
        if (uri == Navigation.Uri)
            return;
        if (AddressWriter.IsTooLarge(_state.Prompt))
        {
            Notice("The prompt is too long for the page's address: this tab keeps it.");
            if (_prompt is not null)
                await _prompt.KeepAsync(AddressWriter.Reference(_state.Prompt!));
        }

        _written = uri;
        Navigation.NavigateTo(uri, new NavigationOptions { ReplaceHistoryEntry = !asNewEntry });
    }
}
