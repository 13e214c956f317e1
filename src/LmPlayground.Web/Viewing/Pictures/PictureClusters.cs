using System.Globalization;
using System.Text;

namespace LmPlayground.Web.Viewing.Pictures;

/// <summary>Makes of texts what is drawn of them: letters, spaces, and bars where the fonts have no glyph.</summary>
internal static class PictureClusters
{
    /// <summary>The most UTF-16 units that are looked at: more than any picture has room for.</summary>
    private const int Most = 20_000;

    private const int MostMarks = 4;
    private const int SpacesOfTab = 4;
    private const float LineEndWidth = 0.72f;
    private const float NarrowBar = 0.56f;
    private const float NameScale = 0.74f;
    private const float NamePadding = 0.26f;
    private const float MarkPadding = 0.16f;

    /// <summary>The clusters, one by one: who has enough asks for no more. The last one says so where texts were left out.</summary>
    internal static IEnumerable<PictureCluster> Of(IReadOnlyList<PicturePiece> pieces, PictureFont font)
    {
        var left = Most;
        for (var index = 0; index < pieces.Count; index++)
        {
            var piece = pieces[index];
            var scale = piece.IsName ? NameScale : 1;
            var padding = piece.IsName ? NamePadding : piece.IsMarked ? MarkPadding : 0;
            if (padding > 0)
                yield return new PictureCluster(ClusterKind.Padding, index, padding);
            for (var at = 0; at < piece.Text.Length;)
            {
                var length = LengthAt(piece.Text, at);
                left -= length;
                if (left < 0)
                {
                    yield return new PictureCluster(ClusterKind.Cut, index, 0);
                    yield break;
                }

                if (Of(piece.Text.AsSpan(at, length), index, piece.IsToken, font) is { } cluster)
                    yield return scale == 1 ? cluster : cluster with { Scale = scale, Width = cluster.Width * scale };
                at += length;
            }

            if (padding > 0)
                yield return new PictureCluster(ClusterKind.Padding, index, padding);
        }
    }

    /// <summary>How many units of a text belong together; most letters are one.</summary>
    private static int LengthAt(string text, int at) => text[at] < '\u0300' && text[at] != '\r' && (at + 1 == text.Length || text[at + 1] < '\u0300')
        ? 1
        : StringInfo.GetNextTextElementLength(text, at);

    private static PictureCluster? Of(ReadOnlySpan<char> element, int piece, bool isToken, PictureFont font)
    {
        var space = font[font.Find(new Rune(' '))].Width;
        switch (element)
        {
            case "\n" or "\r\n":
                return new PictureCluster(ClusterKind.LineEnd, piece, isToken ? LineEndWidth : 0);
            case "\t":
                return new PictureCluster(ClusterKind.Space, piece, space * SpacesOfTab);
        }

        var seen = new List<Rune>(1);
        foreach (var rune in (element.Length > 1 ? Composed(element) : element).EnumerateRunes())
            if (!IsUnseen(rune))
                seen.Add(rune);
        if (seen.Count == 0)
            return null;
        if (Rune.IsWhiteSpace(seen[0]))
            return new PictureCluster(ClusterKind.Space, piece, IsWide(seen[0]) ? 1 : space);
        var glyphs = seen.Count > MostMarks ? [] : seen.Select(font.Find).ToArray();
        if (glyphs.Length == 0 || glyphs.Contains((ushort)0))
            return new PictureCluster(ClusterKind.Bar, piece, IsWide(seen[0]) ? 1 : NarrowBar);
        return new PictureCluster(ClusterKind.Letter, piece, font[glyphs[0]].Width) { Glyph = glyphs[0], Marks = glyphs[1..] };
    }

    /// <summary>A letter and its accents as the one letter that the fonts have. Half a pair of surrogates would be refused.</summary>
    private static string Composed(ReadOnlySpan<char> element)
    {
        var whole = new StringBuilder(element.Length);
        foreach (var rune in element.EnumerateRunes())
            whole.Append(rune.ToString());
        return whole.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>What has no look of its own: joiners, variation selectors, tags, marks of direction and order.</summary>
    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control
        || rune.Value is >= 0xFE00 and <= 0xFE0F or >= 0xE0000 and <= 0xE0FFF;

    /// <summary>Whether a character is as wide as it is high: those of East Asia, and pictures.</summary>
    private static bool IsWide(Rune rune) => rune.Value
        is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F
        or >= 0xFF01 and <= 0xFF60 or >= 0x1F000 and <= 0x3FFFD;
}

/// <summary>What is drawn of a character.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Piece">The piece that it belongs to, or -1.</param>
/// <param name="Width">How wide it is, in ems.</param>
internal readonly record struct PictureCluster(ClusterKind Kind, int Piece, float Width)
{
    /// <summary>The glyph of a letter.</summary>
    internal ushort Glyph { get; init; }

    /// <summary>What stands on the letter.</summary>
    internal ushort[] Marks { get; init; } = [];

    /// <summary>How large it is.</summary>
    internal float Scale { get; init; } = 1;
}

/// <summary>A kind of cluster.</summary>
internal enum ClusterKind
{
    /// <summary>A letter, a digit, a sign.</summary>
    Letter,

    /// <summary>Nothing, at which a line may end.</summary>
    Space,

    /// <summary>A bar in the place of what no font has.</summary>
    Bar,

    /// <summary>A line end.</summary>
    LineEnd,

    /// <summary>The room before and after what stands in a frame or between marks.</summary>
    Padding,

    /// <summary>The place from which on nothing is shown.</summary>
    Cut,
}
