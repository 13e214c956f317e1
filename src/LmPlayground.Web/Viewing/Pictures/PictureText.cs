using System.Text;

namespace LmPlayground.Web.Viewing.Pictures;

/// <summary>Text in lines: as many as there may be, the last one with an ellipsis where there is more.</summary>
internal sealed class PictureText
{
    private const string Ellipsis = "…";
    private const int MostOfTail = 4_000;
    private const int LongestWord = 24;

    private readonly List<List<PictureCluster>> _lines = [];
    private readonly float _limit;
    private List<PictureCluster> _line = [];
    private float _used;
    private int _breakAt;

    private PictureText(IReadOnlyList<PicturePiece> pieces, PictureFont font, float size, float width, int mostLines)
    {
        (Pieces, Font, Size, Width, MostLines) = (pieces, font, size, width, mostLines);
        _limit = width / size;
        IsCut = !TryFill();
        if (IsCut)
            AddEllipsis();
    }

    /// <summary>The pieces.</summary>
    internal IReadOnlyList<PicturePiece> Pieces { get; }

    /// <summary>The font.</summary>
    internal PictureFont Font { get; }

    /// <summary>How large an em is, in pixels.</summary>
    internal float Size { get; }

    /// <summary>How wide a line may be, in pixels.</summary>
    internal float Width { get; }

    /// <summary>The lines.</summary>
    internal IReadOnlyList<IReadOnlyList<PictureCluster>> Lines => _lines;

    /// <summary>Whether not all of it is there.</summary>
    internal bool IsCut { get; }

    private int MostLines { get; }

    /// <summary>Lays texts out in lines.</summary>
    /// <param name="pieces">The texts.</param>
    /// <param name="font">The font.</param>
    /// <param name="size">How large an em is, in pixels.</param>
    /// <param name="width">How wide a line may be, in pixels.</param>
    /// <param name="mostLines">How many lines there may be.</param>
    internal static PictureText Flow(IReadOnlyList<PicturePiece> pieces, PictureFont font, float size, float width, int mostLines) =>
        new(pieces, font, size, width, mostLines);

    /// <summary>The end of a text, as much as so many lines have room for, from the beginning of a word on.</summary>
    internal static string Tail(string text, PictureFont font, float size, float width, int mostLines)
    {
        if (Fits(text))
            return text;
        var (above, below) = (Math.Max(0, text.Length - MostOfTail), text.Length);
        while (above < below)
        {
            var middle = (above + below) / 2;
            if (Fits($"{Ellipsis} {text[middle..]}"))
                below = middle;
            else
                above = middle + 1;
        }

        var word = text.IndexOf(' ', below, Math.Min(LongestWord, text.Length - below));
        if (word >= 0)
            return Ellipsis + text[word..];
        return Ellipsis + text[(below < text.Length && char.IsLowSurrogate(text[below]) ? below + 1 : below)..];

        bool Fits(string part) => !Flow([PicturePiece.Given(part)], font, size, width, mostLines).IsCut;
    }

    /// <summary>By how much a cluster is moved to the one before it.</summary>
    internal float Kerning(PictureCluster before, PictureCluster cluster) =>
        (before.Kind, cluster.Kind) == (ClusterKind.Letter, ClusterKind.Letter) && before.Piece == cluster.Piece
            ? Font.Kerning(before.Glyph, cluster.Glyph) * cluster.Scale
            : 0;

    private bool TryFill()
    {
        var ends = false;
        foreach (var cluster in PictureClusters.Of(Pieces, Font))
        {
            if (cluster.Kind == ClusterKind.Cut)
            {
                _lines.Add(_line);
                return false;
            }

            // Line ends that follow each other end one line: a picture has no room for empty ones.
            var isSpace = cluster.Kind is ClusterKind.Space or ClusterKind.LineEnd;
            if (ends && !isSpace && !TryBreak(_line.Count))
                return false;
            ends = cluster.Kind == ClusterKind.LineEnd || (ends && isSpace);
            if (!isSpace && _line.Count > 0 && _used + cluster.Width > _limit)
            {
                var hasWord = _line.Take(_breakAt).Any(before => before.Kind is not (ClusterKind.Space or ClusterKind.LineEnd));
                if (!TryBreak(hasWord ? _breakAt : _line.Count))
                    return false;
            }

            Add(cluster);
            if (isSpace || (cluster.Kind == ClusterKind.Bar && cluster.Width >= 1))
                _breakAt = _line.Count;
        }

        if (_line.Count > 0)
            _lines.Add(_line);
        return true;
    }

    private void Add(PictureCluster cluster)
    {
        _used += cluster.Width + (_line.Count > 0 ? Kerning(_line[^1], cluster) : 0);
        _line.Add(cluster);
    }

    /// <summary>Ends a line before a cluster; false if it was the last one.</summary>
    private bool TryBreak(int at)
    {
        var rest = _line[at..];
        _lines.Add(_line[..at]);
        (_line, _used, _breakAt) = ([], 0, 0);
        foreach (var cluster in rest)
            Add(cluster);
        return _lines.Count < MostLines;
    }

    private void AddEllipsis()
    {
        var line = _lines[^1];
        var glyph = Font.Find(new Rune(Ellipsis[0]));
        var ellipsis = new PictureCluster(ClusterKind.Letter, -1, Font[glyph].Width) { Glyph = glyph };
        for (var width = line.Sum(cluster => cluster.Width); line.Count > 0; line.RemoveAt(line.Count - 1))
        {
            if (line[^1].Kind is not (ClusterKind.Space or ClusterKind.LineEnd) && width + ellipsis.Width <= _limit)
                break;
            width -= line[^1].Width;
        }

        // Not in the midst of a word, unless it is a long one.
        var space = line.FindLastIndex(cluster => cluster.Kind == ClusterKind.Space);
        if (space > 0 && line.Count - space <= LongestWord / 2)
            line.RemoveRange(space, line.Count - space);
        line.Add(ellipsis);
    }
}
