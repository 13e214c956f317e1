using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace LmPlayground.Web.Components.Pages;

/// <content>The page's address: settings and prompt, so that reload, back and forward keep them.</content>
public partial class Playground
{
    /// <summary>Marks an entry of the browser's history as what a run was started with: a later edit makes an entry of its own.</summary>
    private const string Generated = "generated";
    private const string LongPrompt = "The prompt is too long for the page's address: this tab keeps it.";

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(400);

    private RestingAction? _writing;
    private string? _promptReference;
    private string? _written;
    private string? _historyState;
    private string _shownPrompt = "";

    private void ReadAddress(Uri uri)
    {
        var reading = AddressReader.Read(uri);
        _state = reading.State;
        _promptReference = reading.PromptReference;
        _sourceReference = reading.SourceReference;
        foreach (var notice in reading.Notices)
            Notice(notice);
        if (_state.ModelId is { } id && Models.Entries.Count > 0 && Models.Entries.All(entry => entry.Id != id))
            Notice($"There is no model '{id}' here: {Entry?.Name ?? "none"} is used.");
    }

    private void LocationChanged(object? sender, LocationChangedEventArgs change)
    {
        _historyState = change.HistoryEntryState;
        // A link to another page is that page's matter.
        if (change.Location != _written && new Uri(change.Location).AbsolutePath == "/")
            _ = InvokeAsync(() => ReturnAsync(change.Location));
    }

    private async Task ReturnAsync(string location)
    {
        _writing?.Dispose();
        _written = location;
        ReadAddress(new Uri(location));
        StateHasChanged();
        await RecallPromptAsync();
        await RecallSourceAsync();
        await ShowTextsAsync();
        await AskWhatIfAsync();
    }

    private async Task PromptEditedAsync(string text)
    {
        _shownPrompt = text;
        if (text == PromptText)
            return;
        _failure = null;
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
        {
            _state = _state with { Prompt = prompt };
            Notice(LongPrompt);
        }
        else
        {
            Notice("The prompt of this address was too long for it and was kept in the tab that wrote it: it is not here.");
        }

        StateHasChanged();
        await ShowPromptAsync();
    }

    /// <summary>Keeps a text in the tab that the address cannot carry.</summary>
    private async Task KeepAsync(PromptBox? box, string? text, string notice)
    {
        if (!AddressWriter.IsTooLarge(text, AddressWriter.RoomFor(_state)))
            return;
        Notice(notice);
        StateHasChanged();
        if (box is not null)
            await box.KeepAsync(AddressWriter.Reference(text!));
    }

    /// <summary>Writes the state into the address: over a draft, or as a new entry after one that a run was started with.</summary>
    private async Task WriteAddressAsync(string? historyState)
    {
        var uri = new Uri(Navigation.Uri).GetLeftPart(UriPartial.Path) + AddressWriter.Write(_state);
        if (uri == Navigation.Uri && _historyState == historyState)
            return;
        if (uri == Navigation.Uri && historyState is null)
            return;
        await KeepAsync(_prompt, _state.Prompt, LongPrompt);
        await KeepAsync(_source, _state.Source, LongSource);

        var replace = _historyState != Generated || uri == Navigation.Uri;
        _written = uri;
        _historyState = historyState;
        Navigation.NavigateTo(uri, new NavigationOptions { ReplaceHistoryEntry = replace, HistoryEntryState = historyState });
    }
}
