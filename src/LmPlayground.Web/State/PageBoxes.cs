namespace LmPlayground.Web.State;

/// <summary>The text boxes of a page, by the name of the text.</summary>
internal sealed class PageBoxes
{
    private readonly Dictionary<string, ShownText> _texts = new(StringComparer.Ordinal);

    /// <summary>The text of that name.</summary>
    internal ShownText this[string name] => _texts.TryGetValue(name, out var text) ? text : _texts[name] = new ShownText();

    /// <summary>Ends when all edits that the browser has announced are here.</summary>
    internal Task Settled => Task.WhenAll(_texts.Values.Select(text => text.Settled));

    /// <summary>The box of that name, or null.</summary>
    internal ITextBox? Find(string name) => _texts.GetValueOrDefault(name)?.Box;
}
