using System.Globalization;
using System.Text;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.PreTokenizers;

/// <summary>Sets numbers apart from everything else, digit by digit or as runs.</summary>
internal sealed class DigitsPreTokenizer(bool individualDigits) : PreTokenizer
{
    public override void Split(TextPiece piece, List<TextPiece> output) =>
        CharacterRuns.Split(piece, output, rune => !IsNumeric(rune) ? RunKind.Joined : individualDigits ? RunKind.Alone : RunKind.Apart);

    private static bool IsNumeric(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}

/// <summary>Runs of word characters, and runs of what is neither that nor white space, which it drops.</summary>
internal sealed class WhitespacePreTokenizer : PreTokenizer
{
    public override void Split(TextPiece piece, List<TextPiece> output) => CharacterRuns.Split(
        piece,
        output,
        rune => WordCharacters.Contains(rune) ? RunKind.Joined : Rune.IsWhiteSpace(rune) ? RunKind.Dropped : RunKind.Apart);
}

/// <summary>Splits at white space, which it drops.</summary>
internal sealed class WhitespaceSplitPreTokenizer : PreTokenizer
{
    public override void Split(TextPiece piece, List<TextPiece> output) =>
        CharacterRuns.Split(piece, output, rune => Rune.IsWhiteSpace(rune) ? RunKind.Dropped : RunKind.Joined);
}

/// <summary>BERT's words: white space is dropped, punctuation stands alone.</summary>
internal sealed class BertPreTokenizer : PreTokenizer
{
    public override void Split(TextPiece piece, List<TextPiece> output) =>
        CharacterRuns.Split(
            piece,
            output,
            rune => Rune.IsWhiteSpace(rune) ? RunKind.Dropped : CharacterRuns.IsPunctuation(rune) ? RunKind.Alone : RunKind.Joined);
}

internal enum RunKind
{
    /// <summary>Part of the run of ordinary characters.</summary>
    Joined,

    /// <summary>Part of a run of its own kind.</summary>
    Apart,

    /// <summary>A piece by itself.</summary>
    Alone,

    /// <summary>Separates and goes.</summary>
    Dropped,
}

/// <summary>Splits a piece into runs of characters of one kind.</summary>
internal static class CharacterRuns
{
    /// <summary>Unicode's punctuation, and every ASCII symbol.</summary>
    public static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune));

    public static void Split(TextPiece piece, List<TextPiece> output, Func<Rune, RunKind> kindOf)
    {
        var text = piece.Span;
        var kind = RunKind.Dropped;
        var start = 0;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var length);
            var next = kindOf(rune);
            if (next != kind || next == RunKind.Alone)
            {
                Flush(i);
                (kind, start) = (next, i);
            }

            i += length;
        }

        Flush(text.Length);

        void Flush(int end)
        {
            if (kind != RunKind.Dropped && end > start)
                output.Add(piece.Slice(start, end - start));
        }
    }
}
