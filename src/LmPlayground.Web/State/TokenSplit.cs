using System.Collections.Immutable;
using System.Text;
using LmPlayground.Tokenizers;

namespace LmPlayground.Web.State;

/// <summary>What a piece of a text on the page of tokens is.</summary>
public enum SplitPieceKind
{
    /// <summary>A token that spells its characters.</summary>
    Text,

    /// <summary>A token that is a part of a character, shown by its bytes, or that spells what the text does not have there.</summary>
    Part,

    /// <summary>A special token.</summary>
    Special,

    /// <summary>White space that no token covers.</summary>
    Gap,
}

/// <summary>A stretch of a text as a tokenizer splits it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What is shown.</param>
/// <param name="Id">The token's id; -1 for a gap.</param>
public readonly record struct SplitPiece(SplitPieceKind Kind, string Text, int Id);

/// <summary>A text as a tokenizer splits it, as far as it is shown, and the counts of the whole. Immutable.</summary>
public sealed record TokenSplit
{
    /// <summary>How many tokens are shown at most: more would make the page slow.</summary>
    public const int MostShown = 3000;

    /// <summary>The pieces of the first <see cref="MostShown"/> tokens.</summary>
    public required ImmutableArray<SplitPiece> Pieces { get; init; }

    /// <summary>All tokens.</summary>
    public required int Tokens { get; init; }

    /// <summary>The text's characters (code points).</summary>
    public required int Characters { get; init; }

    /// <summary>The text's bytes in UTF-8.</summary>
    public required int Bytes { get; init; }

    /// <summary>Whether characters other than white space have no token. Where they stood is not known: a tokenizer that drops them counts on as if they had not been there.</summary>
    public bool Drops { get; private init; }

    /// <summary>Tokens that are not shown.</summary>
    public int Hidden => Math.Max(0, Tokens - MostShown);

    /// <summary>Splits a text, with the special tokens that the tokenizer puts around it.</summary>
    public static TokenSplit Of(ModelTokenizer tokenizer, string text)
    {
        var tokens = tokenizer.Encode(text);
        var pieces = ImmutableArray.CreateBuilder<SplitPiece>();
        var covered = 0;
        var drops = false;
        for (var i = 0; i < Math.Min(tokens.Count, MostShown); i++)
        {
            var (id, start, length) = tokens[i];
            if (tokenizer.IsSpecial(id))
            {
                AddGap(start);
                pieces.Add(new SplitPiece(SplitPieceKind.Special, tokenizer.TokenOf(id) ?? "", id));
                covered = Math.Max(covered, start + length);
                continue;
            }

            // Tokens that share a character overlap.
            var isWhole = length > 0 && start >= covered && (i + 1 == tokens.Count || tokens[i + 1].Length == 0 || tokens[i + 1].Start >= start + length);
            AddGap(start);
            pieces.Add(isWhole
                ? new SplitPiece(SplitPieceKind.Text, text.Substring(start, length), id)
                : new SplitPiece(SplitPieceKind.Part, tokenizer.Describe(id), id));
            covered = Math.Max(covered, start + length);
        }

        if (tokens.Count <= MostShown)
            AddGap(text.Length);
        return new TokenSplit
        {
            Pieces = pieces.ToImmutable(),
            Tokens = tokens.Count,
            Characters = text.EnumerateRunes().Count(),
            Bytes = Encoding.UTF8.GetByteCount(text),
            Drops = drops,
        };

        void AddGap(int until)
        {
            if (until <= covered)
                return;
            drops |= !string.IsNullOrWhiteSpace(text[covered..until]);
            if (!drops)
                pieces.Add(new SplitPiece(SplitPieceKind.Gap, text[covered..until], -1));
        }
    }
}
