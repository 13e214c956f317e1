using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Components.Pages;

/// <content>The source text, which an encoder-decoder reads before it writes.</content>
public partial class Playground
{
    private const string LongSource = "The source text is too long for the page's address: this tab keeps it.";

    private PromptBox? _source;
    private string? _sourceReference;

    /// <summary>What the box shows; null as long as there is no box.</summary>
    private string? _shownSource;

    private bool ReadsSource => Entry?.ReadsSource ?? false;

    private string SourceText => _state.Source ?? ModelDefaults.Source(Entry?.Card);

    private string PromptPlaceholder => ReadsSource
        ? "Write a beginning for the decoder, or leave it empty."
        : "Write a beginning: the model goes on from it.";

    private async Task SourceEditedAsync(string text)
    {
        _shownSource = text;
        if (text == SourceText)
            return;
        _failure = null;
        await ChangeAsync(_state with { Source = text });
    }

    private async Task ShowTextsAsync()
    {
        await ShowPromptAsync();
        await ShowSourceAsync();
    }

    private async Task ShowSourceAsync()
    {
        if (!ReadsSource)
        {
            _shownSource = null;
            return;
        }

        // A box that has just come was made with its text.
        var isNew = _shownSource is null;
        if (_shownSource == SourceText)
            return;
        _shownSource = SourceText;
        if (!isNew && _source is not null)
            await _source.WriteAsync(SourceText);
    }

    private async Task RecallSourceAsync()
    {
        if (_sourceReference is not { } reference || _source is null)
            return;
        _sourceReference = null;
        await _source.Attached;
        if (await _source.RecallAsync(reference) is { } source)
        {
            _state = _state with { Source = source };
            Notice(LongSource);
        }
        else
        {
            Notice("The source text of this address was too long for it and was kept in the tab that wrote it: it is not here.");
        }

        StateHasChanged();
        await ShowSourceAsync();
    }
}
