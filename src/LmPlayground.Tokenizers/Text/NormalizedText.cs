using System.Text;

namespace LmPlayground.Tokenizers.Text;

/// <summary>A stretch of text after normalisation that remembers which UTF-16 code units of the original each of its own came from.</summary>
/// <remarks>Immutable. Texts hold no lone surrogates.</remarks>
internal sealed class NormalizedText
{
    // Both null while every code unit is its own origin (shifted by _base).
    private readonly int[]? _starts;
    private readonly int[]? _ends;
    private readonly int _base;

    /// <summary>A text as it stands in the original from <paramref name="start"/> on.</summary>
    public NormalizedText(string text, int start = 0)
    {
        Text = text;
        _base = start;
    }

    private NormalizedText(string text, int[] starts, int[] ends)
    {
        Text = text;
        _starts = starts;
        _ends = ends;
    }

    public string Text { get; }

    /// <summary>Where the code unit at <paramref name="index"/> begins in the original.</summary>
    public int OriginalStart(int index)
    {
        if (_starts is not null)
            return _starts[index];
        return _base + index - (char.IsLowSurrogate(Text[index]) ? 1 : 0);
    }

    /// <summary>Where the code unit at <paramref name="index"/> ends in the original.</summary>
    public int OriginalEnd(int index)
    {
        if (_ends is not null)
            return _ends[index];
        return _base + index + (char.IsHighSurrogate(Text[index]) ? 2 : 1);
    }

    public NormalizedText Slice(int start, int length)
    {
        if (start == 0 && length == Text.Length)
            return this;
        var text = Text.Substring(start, length);
        return _starts is null
            ? new NormalizedText(text, _base + start)
            : new NormalizedText(text, _starts[start..(start + length)], _ends![start..(start + length)]);
    }

    /// <summary>
    /// Rewrites the text character by character. A change of 0 stands for the next old character, n &gt; 0 is inserted and belongs to the
    /// character before, n &lt; 0 stands for the next old one and swallows -n more. This is how Hugging Face counts origins, so offsets agree:
    /// a composed character points to its base alone, an inserted one in front of all to nothing.
    /// </summary>
    /// <param name="characters">The new characters with their changes.</param>
    /// <param name="skipped">How many old characters in front of all are dropped.</param>
    public NormalizedText Transform(IEnumerable<(Rune Character, int Change)> characters, int skipped = 0)
    {
        var text = new StringBuilder(Text.Length);
        var starts = new List<int>(Text.Length);
        var ends = new List<int>(Text.Length);
        var old = 0;
        var previous = -1;
        for (var i = 0; i < skipped; i++)
            Advance();

        foreach (var (character, change) in characters)
        {
            (int start, int end) origin;
            if (change > 0)
            {
                origin = previous < 0 ? (Text.Length > 0 ? OriginalStart(0) : _base, Text.Length > 0 ? OriginalStart(0) : _base) : Origin(previous);
            }
            else
            {
                origin = Origin(Math.Min(old, Text.Length - 1));
                for (var i = 0; i <= -change; i++)
                    Advance();
            }

            text.Append(character);
            for (var i = 0; i < character.Utf16SequenceLength; i++)
            {
                starts.Add(origin.start);
                ends.Add(origin.end);
            }
        }

        return new NormalizedText(text.ToString(), [.. starts], [.. ends]);

        void Advance()
        {
            if (old >= Text.Length)
                return;
            previous = old;
            old += char.IsHighSurrogate(Text[old]) ? 2 : 1;
        }

        (int, int) Origin(int index) => (OriginalStart(index), OriginalEnd(index));
    }

    /// <summary>Puts <paramref name="prefix"/> in front; it belongs to the first character.</summary>
    public NormalizedText Prepend(string prefix)
    {
        if (Text.Length == 0)
            return this;
        return Rebuild(prefix + Text, i => Math.Max(0, i - prefix.Length));
    }

    /// <summary>Replaces stretches, in order and without overlap; as in Hugging Face what is put in belongs to the last character that it replaces.</summary>
    public NormalizedText Replace(IReadOnlyList<(int Start, int Length)> stretches, string content)
    {
        if (stretches.Count == 0)
            return this;
        var text = new StringBuilder(Text.Length);
        var starts = new List<int>(Text.Length);
        var ends = new List<int>(Text.Length);
        var at = 0;
        foreach (var (start, length) in stretches)
        {
            Copy(start);
            foreach (var unit in content)
            {
                text.Append(unit);
                starts.Add(OriginalStart(start + length - 1));
                ends.Add(OriginalEnd(start + length - 1));
            }

            at = start + length;
        }

        Copy(Text.Length);
        return new NormalizedText(text.ToString(), [.. starts], [.. ends]);

        void Copy(int until)
        {
            for (; at < until; at++)
            {
                text.Append(Text[at]);
                starts.Add(OriginalStart(at));
                ends.Add(OriginalEnd(at));
            }
        }
    }

    private NormalizedText Rebuild(string text, Func<int, int> origin)
    {
        var starts = new int[text.Length];
        var ends = new int[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            starts[i] = OriginalStart(origin(i));
            ends[i] = OriginalEnd(origin(i));
        }

        return new NormalizedText(text, starts, ends);
    }
}
