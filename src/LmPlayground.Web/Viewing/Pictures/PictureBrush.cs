using SkiaSharp;

namespace LmPlayground.Web.Viewing.Pictures;

/// <summary>Draws texts on a canvas: grounds first, then letters, so that no ground covers a letter beside it.</summary>
internal sealed class PictureBrush(SKCanvas canvas)
{
    // In ems, from the line that letters stand on.
    private const float Above = 0.92f;
    private const float Below = 0.30f;
    private const float Radius = 0.16f;
    private const float BarTop = 0.66f;
    private const float BarBottom = -0.02f;
    private const float NameInset = 0.07f;
    private const int MostInBar = 4;
    private const float SubpixelSteps = 4;
    private const byte BarAlpha = 92;

    /// <summary>Draws a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="left">Where its lines begin.</param>
    /// <param name="top">Where its first line begins.</param>
    /// <param name="leading">How high a line is.</param>
    internal void Draw(PictureText text, float left, float top, float leading)
    {
        for (var index = 0; index < text.Lines.Count; index++)
        {
            // On whole pixels: letters are sharper, and alike ones are the same bytes in the file.
            var baseline = MathF.Round(top + (index * leading) + (leading / 2) + (0.32f * text.Size));
            var places = Place(text, text.Lines[index], left);
            foreach (var stretch in Stretches(text.Lines[index]))
                DrawGround(text, text.Lines[index], places, stretch, baseline);
            foreach (var stretch in Stretches(text.Lines[index]))
                DrawBars(text, text.Lines[index], places, stretch, baseline);
            DrawLetters(text, text.Lines[index], places, baseline);
        }
    }

    /// <summary>Fills a rectangle.</summary>
    internal void Fill(SKRect area, SKColor colour, float radius = 0)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = radius > 0 };
        canvas.DrawRoundRect(area, radius, radius, paint);
    }

    /// <summary>Where each cluster begins, and where the last one ends.</summary>
    private static float[] Place(PictureText text, IReadOnlyList<PictureCluster> line, float left)
    {
        var places = new float[line.Count + 1];
        var at = left;
        for (var i = 0; i < line.Count; i++)
        {
            if (i > 0)
                at += text.Kerning(line[i - 1], line[i]) * text.Size;
            places[i] = at;
            at += line[i].Width * text.Size;
        }

        places[^1] = at;

        // Spaces hang over the end of a line.
        for (var i = 0; i < places.Length; i++)
            places[i] = Math.Min(places[i], left + text.Width);
        return places;
    }

    /// <summary>The stretches of one piece each, without the spaces at the end of the line.</summary>
    private static IEnumerable<(int From, int To)> Stretches(IReadOnlyList<PictureCluster> line)
    {
        var end = line.Count;
        while (end > 0 && line[end - 1].Kind == ClusterKind.Space)
            end--;
        for (var from = 0; from < end;)
        {
            var to = from + 1;
            while (to < end && line[to].Piece == line[from].Piece)
                to++;
            yield return (from, to);
            from = to;
        }
    }

    private void DrawGround(PictureText text, IReadOnlyList<PictureCluster> line, float[] places, (int From, int To) stretch, float baseline)
    {
        if (line[stretch.From].Piece < 0)
            return;
        var piece = text.Pieces[line[stretch.From].Piece];
        var (left, right) = (places[stretch.From] + 0.5f, places[stretch.To] - 0.5f);
        var size = text.Size;
        if (piece.Ground is { } ground)
            Fill(new SKRect(left, baseline - (Above * size), right, baseline + (Below * size)), ground, Radius * size);
        if (piece.IsUnderlined && !piece.IsName)
            Fill(new SKRect(left + (0.1f * size), baseline + (0.15f * size), right - (0.1f * size), baseline + (0.15f * size) + 1.5f), piece.Ink);
        if (piece.IsMarked)
        {
            foreach (var edge in (float[])[left, right - 3])
                Fill(new SKRect(edge, baseline - (Above * size), edge + 3, baseline + (Below * size)), PictureColours.Accent, 1.5f);
        }

        if (piece.IsName)
        {
            using var frame = new SKPaint { Color = piece.Ink, IsAntialias = true, IsStroke = true, StrokeWidth = 1.2f };
            var area = new SKRect(left + (NameInset * size), baseline - (0.72f * size), right - (NameInset * size), baseline + (0.18f * size));
            canvas.DrawRoundRect(area, Radius * size, Radius * size, frame);
        }
    }

    /// <summary>Bars that follow each other are one: all of a token, and of other texts as many as a word may have.</summary>
    private void DrawBars(PictureText text, IReadOnlyList<PictureCluster> line, float[] places, (int From, int To) stretch, float baseline)
    {
        for (var from = stretch.From; from < stretch.To;)
        {
            var to = from;
            var most = line[from].Piece >= 0 && text.Pieces[line[from].Piece].IsToken ? int.MaxValue : MostInBar;
            while (to < stretch.To && line[to].Kind == ClusterKind.Bar && to - from < most)
                to++;
            if (to > from)
            {
                var gap = 0.07f * text.Size;
                var area = new SKRect(places[from] + gap, baseline - (BarTop * text.Size), places[to] - gap, baseline - (BarBottom * text.Size));
                Fill(area, text.Pieces[line[from].Piece].Ink.WithAlpha(BarAlpha), 0.2f * text.Size);
            }

            from = Math.Max(to, from + 1);
        }
    }

    private void DrawLetters(PictureText text, IReadOnlyList<PictureCluster> line, float[] places, float baseline)
    {
        using var paint = new SKPaint { IsAntialias = true };
        for (var i = 0; i < line.Count; i++)
        {
            var cluster = line[i];
            paint.Color = cluster.Piece < 0 ? PictureColours.Soft : text.Pieces[cluster.Piece].Ink;
            if (cluster.Kind == ClusterKind.Letter)
            {
                DrawGlyph(text.Font[cluster.Glyph], places[i]);
                foreach (var mark in cluster.Marks)
                    DrawGlyph(text.Font[mark], places[i]);
            }
            else if (cluster is { Kind: ClusterKind.LineEnd, Width: > 0 } && places[i + 1] - places[i] > 0.9f * cluster.Width * text.Size)
            {
                DrawReturn(places[i], baseline, text.Size, paint);
            }

            void DrawGlyph(PictureGlyph glyph, float at)
            {
                if (glyph.Outline is null)
                    return;
                canvas.Save();
                canvas.Translate(MathF.Round(at * SubpixelSteps) / SubpixelSteps, baseline);
                canvas.Scale(glyph.Unit * text.Size * cluster.Scale);
                canvas.DrawPath(glyph.Outline, paint);
                canvas.Restore();
            }
        }
    }

    /// <summary>The sign of a line end, which the fonts do not have.</summary>
    private void DrawReturn(float left, float baseline, float size, SKPaint paint)
    {
        using var stroke = paint.Clone();
        (stroke.IsStroke, stroke.StrokeWidth, stroke.StrokeCap, stroke.StrokeJoin) = (true, 0.06f * size, SKStrokeCap.Round, SKStrokeJoin.Round);
        stroke.Color = paint.Color.WithAlpha(150);
        using var builder = new SKPathBuilder();
        builder.MoveTo(left + (0.56f * size), baseline - (0.52f * size));
        builder.LineTo(left + (0.56f * size), baseline - (0.2f * size));
        builder.LineTo(left + (0.16f * size), baseline - (0.2f * size));
        builder.MoveTo(left + (0.30f * size), baseline - (0.34f * size));
        builder.LineTo(left + (0.16f * size), baseline - (0.2f * size));
        builder.LineTo(left + (0.30f * size), baseline - (0.06f * size));
        using var path = builder.Detach();
        canvas.DrawPath(path, stroke);
    }
}
