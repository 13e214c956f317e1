using System.Runtime.InteropServices;
using System.Text;

namespace LmPlayground.Sampling.Stopping;

/// <summary>
/// Finds stop strings in text that comes in pieces, across the pieces' borders. Of several the one that completes first wins, and the
/// first of the list where several complete with the same character. Text is withheld only while it may be the beginning of a stop string.
/// A special token gives no text: only the stop strings that name it see how it is written.
/// </summary>
/// <remarks>One automaton of Knuth, Morris and Pratt for each string: one step a character, whatever was seen before. Not thread-safe.</remarks>
public sealed class StopStringMatcher
{
    private readonly string[] _strings;
    private readonly int[][] _failures;
    private readonly int[] _matched;
    private readonly bool _keepsMatch;

    // What may yet be part of a match, with the token whose name each character is of, or null where it is text.
    private readonly List<(char Character, string? Unseen)> _withheld;
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
        _withheld = [];
    }

    private StopStringMatcher(StopStringMatcher other)
    {
        (_keepsMatch, _strings, _failures, _read) = (other._keepsMatch, other._strings, other._failures, other._read);
        (Match, CutOffset) = (other.Match, other.CutOffset);
        _matched = [.. other._matched];
        _withheld = [.. other._withheld];
    }

    /// <summary>The stop string that was found, or null.</summary>
    public string? Match { get; private set; }

    /// <summary>Where the text was cut, in UTF-16 code units from its beginning: before <see cref="Match"/>, or after it where that stays; null without one.</summary>
    public int? CutOffset { get; private set; }

    /// <summary>The text that is held back: the longest end of the text so far that begins some stop string.</summary>
    public string Withheld => TextOf(CollectionsMarshal.AsSpan(_withheld));

    /// <summary>Reads more text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="passesOver">
    /// Whether a stop string that this text completes counts for nothing. One that it only begins still counts where later text completes it.
    /// </param>
    /// <returns>What can be shown now. Once <see cref="Match"/> is set: the text up to <see cref="CutOffset"/>, and nothing after that.</returns>
    public string Append(string text, bool passesOver = false) => Read(text, null, passesOver);

    /// <summary>Takes note of a special token, which gives no text.</summary>
    /// <param name="token">How it is written.</param>
    /// <param name="passesOver">As in <see cref="Append"/>.</param>
    /// <returns>What can be shown now: of the token nothing, unless it is part of a <see cref="Match"/> that stays.</returns>
    public string AppendUnseen(string token, bool passesOver = false) => Read(token, token, passesOver);

    /// <summary>Gives what is held back when the run ends for another reason.</summary>
    public string Flush() => Match is null ? Release(_withheld.Count) : "";

    /// <summary>A matcher for another text with the same beginning.</summary>
    public StopStringMatcher Fork() => new(this);

    private string Read(string text, string? unseen, bool passesOver)
    {
        if (Match is not null)
            return "";
        if (_strings.Length == 0)
            return unseen is null ? text : "";
        foreach (var character in text)
        {
            _withheld.Add((character, unseen));
            _read += unseen is null ? 1 : 0;
            if (Advance(character, unseen) is { } match && !passesOver)
                return Cut(match);
        }

        var kept = _withheld.Count;
        for (var s = 0; s < _strings.Length; s++)
            kept = Math.Min(kept, StartOf(_strings[s], _matched[s]));
        return Release(kept);
    }

    private string Cut(string match)
    {
        Match = match;
        var shown = Release(StartOf(match, match.Length));
        CutOffset = _read - Withheld.Length + (_keepsMatch ? match.Length : 0);
        return _keepsMatch ? shown + match : shown;
    }

    /// <summary>Where in the withheld characters the last so many begin that a stop string has seen.</summary>
    private int StartOf(string text, int length)
    {
        var start = _withheld.Count;
        for (var at = start - 1; length > 0; at--)
        {
            if (!Sees(text, _withheld[at].Unseen))
                continue;
            start = at;
            length--;
        }

        return start;
    }

    private static bool Sees(string text, string? unseen) => unseen is null || text.Contains(unseen, StringComparison.Ordinal);

    private string? Advance(char character, string? unseen)
    {
        string? match = null;
        for (var s = 0; s < _strings.Length; s++)
        {
            var text = _strings[s];
            if (!Sees(text, unseen))
                continue;
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

    private string Release(int count)
    {
        var shown = TextOf(CollectionsMarshal.AsSpan(_withheld)[..count]);
        _withheld.RemoveRange(0, count);
        return shown;
    }

    private static string TextOf(ReadOnlySpan<(char Character, string? Unseen)> characters)
    {
        var text = new StringBuilder(characters.Length);
        foreach (var (character, unseen) in characters)
        {
            if (unseen is null)
                text.Append(character);
        }

        return text.ToString();
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
