namespace LmPlayground.Web.State;

/// <summary>A text box of a page, as the page's state sees it: the browser owns its text, the server is told of it, and sets it only when it has another one.</summary>
public interface ITextBox
{
    /// <summary>Ends when the box and the browser are connected.</summary>
    Task Attached { get; }

    /// <summary>Ends when all edits that the browser has announced are here.</summary>
    Task Settled { get; }

    /// <summary>Sets the text.</summary>
    Task WriteAsync(string text);

    /// <summary>Puts a text in place of the selection, as if it had been typed.</summary>
    Task InsertAsync(string text);

    /// <summary>Keeps the box's text in the tab under this name, for a text that the address cannot carry.</summary>
    Task KeepAsync(string reference);

    /// <summary>The text that the tab keeps under this name, or null.</summary>
    Task<string?> RecallAsync(string reference);
}
