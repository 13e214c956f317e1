using System.Text;

namespace LmPlayground.Sampling.Stopping;

/// <summary>
/// Finds stop strings in text that comes in pieces, across the pieces' borders. Of several the one that completes first wins, and the
/// first of the list where several complete with the same character. Text is withheld only while it may be the beginning of a stop string.
/// </summary>
/// <remarks>One automaton of Knuth, Morris and Pratt for each string: one step a character, whatever was seen before. Not thread-safe.</remarks>
public sealed class StopStringMatcher
{
    private readonly string[] _strings;
    private readonly int[][] _failures;
    private readonly int[] _matched;
    private readonly StringBuilder _withheld = new();
    private readonly bool _keepsMatch;
    private int _read;

    /// <summary>A matcher for these strings; empty ones are ignored.</summary>
    /// <param name="strings">The stop strings.</param>
    /// <param name="keepsMatch">Whether the string that is found stays in the text, which then ends with it.</param>
    public StopStringMatcher(IEnumerable<string> strings, bool keepsMatch = false)
    {
        _keepsMatch = keepsMatch;
        _strings = [.. strings.Where(text => text.Length > 0)];
        _failures = [.. _strings.Select(FailureFunction)];
        _matched = new int[_strings.Length];
    }

    /// <summary>The stop string that was found, or null.</summary>
    public string? Match { get; private set; }

    /// <summary>Where the text was cut, in UTF-16 code units from its beginning: before <see cref="Match"/>, or after it where that stays; null without one.</summary>
    public int? CutOffset => Match is null ? null : _keepsMatch ? _read : _read - Match.Length;

    /// <summary>The text that is held back: the longest end of the text so far that begins some stop string.</summary>
    public string Withheld => _withheld.ToString();

    /// <summary>Reads more text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="passesOver">
    /// Whether a stop string that this text completes counts for nothing. One that it only begins still counts where later text completes it.
    /// </param>
    /// <returns>What can be shown now. Once <see cref="Match"/> is set: the text up to <see cref="CutOffset"/>, and nothing after that.</returns>
    public string Append(string text, bool passesOver = false)
    {
        if (Match is not null)
            return "";
        if (_strings.Length == 0)
            return text;
        for (var i = 0; i < text.Length; i++)
        {
            _withheld.Append(text[i]);
            _read++;
            if (Advance(text[i]) is { } match && !passesOver)
            {
                Match = match;
                return Release(_keepsMatch ? 0 : match.Length);
            }
        }

        return Release(_matched.Max());
    }

    /// <summary>Takes note of a stop string that came whole, as a token that gives no text.</summary>
    /// <param name="match">The stop string.</param>
    /// <returns>What can be shown now: all that was held back, and the string itself where it stays.</returns>
    public string AppendMatch(string match)
    {
        if (Match is not null)
            return "";
        Match = match;
        _read += match.Length;
        if (_keepsMatch)
            _withheld.Append(match);
        return Release(0);
    }

    /// <summary>Gives what is held back when the run ends for another reason.</summary>
    public string Flush() => Match is null ? Release(0) : "";

    private string? Advance(char character)
    {
        string? match = null;
        for (var s = 0; s < _strings.Length; s++)
        {
            var text = _strings[s];
            var length = _matched[s];
            while (length > 0 && text[length] != character)
                length = _failures[s][length - 1];
            if (text[length] == character)
                length++;
            if (length == text.Length)
                match ??= text;
            _matched[s] = length == text.Length ? _failures[s][length - 1] : length;
        }

        return match;
    }

    private string Release(int keep)
    {
        var shown = _withheld.ToString(0, _withheld.Length - keep);
        _withheld.Remove(0, shown.Length);
        return shown;
    }

    /// <summary>For each prefix, the length of its longest proper prefix that is also its suffix.</summary>
    private static int[] FailureFunction(string text)
    {
        var failures = new int[text.Length];
        for (int i = 1, length = 0; i < text.Length; i++)
        {
            while (length > 0 && text[i] != text[length])
                length = failures[length - 1];
            if (text[i] == text[length])
                length++;
            failures[i] = length;
        }

        return failures;
    }
}
