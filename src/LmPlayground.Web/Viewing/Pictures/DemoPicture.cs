using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Texts;
using SkiaSharp;

namespace LmPlayground.Web.Viewing.Pictures;

/// <summary>The preview picture of a demo, which chat programs show beside its link: title, text on the colours of its tokens, model, strategy.</summary>
internal static class DemoPicture
{
    /// <summary>How wide it is, in pixels.</summary>
    internal const int Width = 1200;

    /// <summary>How high it is.</summary>
    internal const int Height = 630;

    private const float Margin = 64;
    private const float Top = 52;
    private const float FootTop = 548;
    private const float Inner = Width - (2 * Margin);
    private const float TitleSize = 42;
    private const float TitleLeading = 52;
    private const float Leading = 1.62f;
    private const int MostTitleLines = 2;
    private const int MostColumns = 3;
    private const float ColumnGap = 32;
    private const float ColumnTitleSize = 22;
    private const float ColumnTitleLeading = 30;
    private const float PromptSize = 28;
    private const string Separator = "  ·  ";
    private const string Product = "LmPlayground";

    // The largest that has room for all of a text, or the last.
    private static readonly float[] Sizes = [60, 52, 46, 40, 35, 31];
    private static readonly float[] ColumnSizes = [38, 34, 30, 26];

    /// <summary>The picture as a PNG: the same demo gives the same bytes.</summary>
    internal static byte[] Draw(DemoView view, PageWords words)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque))
            ?? throw new InvalidOperationException("There is no memory for a picture.");
        surface.Canvas.Clear(PictureColours.Panel);
        var brush = new PictureBrush(surface.Canvas);
        var top = DrawTitle(brush, view.Title);
        if (view.IsComparison)
            DrawColumns(brush, view, words, top);
        else
            DrawText(brush, view.Runs[0], top);
        DrawFoot(brush, view, words);
        using var pixels = surface.PeekPixels();
        using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.None, 6))!;
        return png.ToArray();
    }

    private static float DrawTitle(PictureBrush brush, string title)
    {
        if (title.Length == 0)
            return Top;
        var text = PictureText.Flow([new PicturePiece(title, PictureColours.Ink)], PictureFont.SemiBold, TitleSize, Inner, MostTitleLines);
        brush.Draw(text, Margin, Top - 8, TitleLeading);
        return Top - 8 + (text.Lines.Count * TitleLeading) + 16;
    }

    private static void DrawText(PictureBrush brush, DemoRunView run, float top)
    {
        var room = FootTop - 16 - top;
        var smallest = Sizes[^1];

        // A long prompt leaves its tokens half of the room.
        var given = PictureText.Tail(PictureContents.Given(run), PictureFont.Regular, smallest, Inner, Math.Max(1, Lines(room, smallest) / 2));
        var pieces = PictureContents.Of(run, given);
        var text = Fit(Sizes, size => PictureText.Flow(pieces, PictureFont.Regular, size, Inner, Lines(room, size)));
        brush.Draw(text, Margin, top, text.Size * Leading);
    }

    private static void DrawColumns(PictureBrush brush, DemoView view, PageWords words, float top)
    {
        top += DrawPrompt(brush, PictureContents.Given(view.Runs[0]).Trim(), top);
        var count = Math.Min(view.Runs.Length, MostColumns);
        var width = (Inner - ((count - 1) * ColumnGap)) / count;
        var titles = DemoWording.TitlesOf(view, words).Take(count)
            .Select(title => PictureText.Flow([new PicturePiece(title, PictureColours.Ink)], PictureFont.SemiBold, ColumnTitleSize, width, MostTitleLines)).ToList();
        var textTop = top + 18 + (titles.Max(title => title.Lines.Count) * ColumnTitleLeading);
        var room = FootTop - 12 - textTop;

        // All of one size: the smallest that one of them needs.
        var texts = Enumerable.Range(0, count).Select(index => PictureContents.Of(view.Runs[index], "")).ToList();
        var chosen = texts.Min(pieces => Fit(ColumnSizes, size => PictureText.Flow(pieces, PictureFont.Regular, size, width, Lines(room, size))).Size);
        for (var index = 0; index < count; index++)
        {
            var left = Margin + (index * (width + ColumnGap));
            brush.Fill(new SKRect(left, top, left + width, top + 2), PictureColours.Line);
            brush.Draw(titles[index], left, top + 10, ColumnTitleLeading);
            var text = PictureText.Flow(texts[index], PictureFont.Regular, chosen, width, Lines(room, chosen));
            brush.Draw(text, left, textTop, chosen * Leading);
        }
    }

    /// <summary>What all columns were given, and how high it is.</summary>
    private static float DrawPrompt(PictureBrush brush, string given, float top)
    {
        if (given.Length == 0)
            return 0;
        var prompt = PictureText.Tail(given, PictureFont.Regular, PromptSize, Inner, MostTitleLines);
        var text = PictureText.Flow([PicturePiece.Given(prompt)], PictureFont.Regular, PromptSize, Inner, MostTitleLines);
        brush.Draw(text, Margin, top, PromptSize * Leading);
        return (text.Lines.Count * PromptSize * Leading) + 14;
    }

    private static void DrawFoot(PictureBrush brush, DemoView view, PageWords words)
    {
        brush.Fill(new SKRect(Margin, FootTop, Width - Margin, FootTop + 2), PictureColours.Line);
        var name = PictureText.Flow([new PicturePiece(Product, PictureColours.Ink)], PictureFont.SemiBold, 25, Inner, 1);
        var nameWidth = name.Lines[0].Sum(cluster => cluster.Width) * name.Size;
        brush.Draw(name, Width - Margin - nameWidth, FootTop + 14, 40);
        DrawMark(brush, Width - Margin - nameWidth - 28, FootTop + 22);

        var models = view.Runs.Select(run => run.ModelName).Where(model => model.Length > 0).Distinct();
        var strategy = view.IsComparison ? [] : DemoWording.StrategyOf(view.Runs[0], words);
        PicturePiece[] facts =
        [
            new(string.Join(", ", models), PictureColours.Ink),
            new(string.Concat(strategy.Select(part => Separator + part)), PictureColours.Soft),
        ];
        brush.Draw(PictureText.Flow(facts, PictureFont.Regular, 23, Inner - nameWidth - 72, 1), Margin, FootTop + 14, 40);
    }

    /// <summary>The mark of the page: three steps of the heat scale.</summary>
    private static void DrawMark(PictureBrush brush, float left, float top)
    {
        brush.Fill(new SKRect(left, top, left + 16, top + 25), PictureColours.Heat[1]!.Value, 3.5f);
        brush.Fill(new SKRect(left, top, left + 16, top + 15), PictureColours.Heat[3]!.Value, 3.5f);
        brush.Fill(new SKRect(left, top + 11, left + 16, top + 15), PictureColours.Heat[3]!.Value);
        brush.Fill(new SKRect(left, top, left + 16, top + 8), PictureColours.Heat[5]!.Value, 3.5f);
        brush.Fill(new SKRect(left, top + 4, left + 16, top + 8), PictureColours.Heat[5]!.Value);
    }

    /// <summary>The first of the sizes at which all of a text has room, or the last one.</summary>
    private static PictureText Fit(float[] sizes, Func<float, PictureText> flow)
    {
        foreach (var size in sizes[..^1])
            if (flow(size) is { IsCut: false } whole)
                return whole;
        return flow(sizes[^1]);
    }

    private static int Lines(float room, float size) => Math.Max(1, (int)(room / (size * Leading)));
}
