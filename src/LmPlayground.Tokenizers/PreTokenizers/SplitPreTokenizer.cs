using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.PreTokenizers;

/// <summary>What becomes of the matches of a <see cref="SplitPreTokenizer"/>.</summary>
internal enum SplitBehavior
{
    Isolated,
    Removed,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Splits at the matches of a pattern.</summary>
/// <param name="pattern">What separates.</param>
/// <param name="behavior">Where the separators go.</param>
/// <param name="invert">Whether what lies between the matches is the separator.</param>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert = false) : PreTokenizer
{
    public override void Split(TextPiece piece, List<TextPiece> output)
    {
        var matches = new List<(int Start, int Length)>();
        pattern.FindMatches(piece.Span, matches);

        // Stretches in order, with the gaps between the matches: nothing of the text is lost whatever the pattern covers.
        var parts = new List<(int Start, int Length, bool IsMatch)>(matches.Count);
        var at = 0;
        foreach (var (start, length) in matches)
        {
            if (start > at)
                parts.Add((at, start - at, invert));
            if (length > 0)
                parts.Add((start, length, !invert));
            at = start + length;
        }

        if (at < piece.Length)
            parts.Add((at, piece.Length - at, invert));

        switch (behavior)
        {
            case SplitBehavior.Isolated:
                foreach ((var start, var length, _) in parts)
                    output.Add(piece.Slice(start, length));
                break;
            case SplitBehavior.Removed:
                foreach (var (start, length, isMatch) in parts)
                {
                    if (!isMatch)
                        output.Add(piece.Slice(start, length));
                }

                break;
            default:
                Merge(piece, parts, output);
                break;
        }
    }

    private void Merge(TextPiece piece, List<(int Start, int Length, bool IsMatch)> parts, List<TextPiece> output)
    {
        for (var i = 0; i < parts.Count;)
        {
            var end = i + 1;
            while (end < parts.Count && Joins(parts[end - 1].IsMatch, parts[end].IsMatch, end - i))
                end++;
            var start = parts[i].Start;
            output.Add(piece.Slice(start, parts[end - 1].Start + parts[end - 1].Length - start));
            i = end;
        }
    }

    private bool Joins(bool left, bool right, int joined) => behavior switch
    {
        SplitBehavior.MergedWithPrevious => right && !left && joined == 1,
        SplitBehavior.MergedWithNext => left && !right && joined == 1,
        _ => left == right,
    };
}
