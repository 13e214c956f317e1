namespace LmPlayground.Web.State;

/// <summary>A text of the page's state and the box that shows it. The box is told only of what it does not show already.</summary>
internal sealed class ShownText
{
    /// <summary>What the box shows; null as long as there is no box.</summary>
    private string? _shown;

    /// <summary>The box, while there is one.</summary>
    internal ITextBox? Box { get; set; }

    /// <summary>Ends when all edits that the browser has announced are here.</summary>
    internal Task Settled => Box?.Settled ?? Task.CompletedTask;

    /// <summary>The box was edited, or was made with this text.</summary>
    internal void Shows(string? text) => _shown = text;

    /// <summary>Lets the box show a text; null where the page has no such box.</summary>
    internal Task ShowAsync(string? text)
    {
        // A box that has just come was made with its text.
        var isNew = _shown is null;
        if (_shown == text)
            return Task.CompletedTask;
        _shown = text;
        return text is null || isNew || Box is null ? Task.CompletedTask : Box.WriteAsync(text);
    }
}
