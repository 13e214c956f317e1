using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace LmPlayground.Web.Viewing.Pictures;

/// <summary>
/// One of the two fonts that come with the program, as outlines: no font of the system is used and nothing is hinted, so that a picture is the same
/// on every machine. Lengths are in ems.
/// </summary>
internal sealed class PictureFont
{
    private const int Replacement = 0xFFFD;

    private readonly Lock _lock = new();
    private readonly SKTypeface _typeface;
    private readonly SKFont _font;
    private readonly ConcurrentDictionary<ushort, PictureGlyph> _glyphs = [];
    private readonly ConcurrentDictionary<(ushort, ushort), float> _kerning = [];

    private PictureFont(SKTypeface typeface, SKFont font) => (_typeface, _font) = (typeface, font);

    /// <summary>For texts.</summary>
    internal static PictureFont Regular { get; } = Read("Roboto-Regular.ttf");

    /// <summary>For titles and names.</summary>
    internal static PictureFont SemiBold { get; } = Read("Roboto-SemiBold.ttf");

    /// <summary>The glyph of a character; 0 where the font has none, or only a sign that says so.</summary>
    internal ushort Find(Rune rune) => rune.Value switch
    {
        Replacement => 0,

        // The page writes the names of what cannot be seen in these, which the fonts do not have.
        0x27E8 => _font.GetGlyph(0x2039),
        0x27E9 => _font.GetGlyph(0x203A),
        _ => _font.GetGlyph(rune.Value),
    };

    /// <summary>A glyph that was found.</summary>
    internal PictureGlyph this[ushort glyph] => _glyphs.TryGetValue(glyph, out var known) ? known : _glyphs.GetOrAdd(glyph, Load);

    /// <summary>By how much a pair of glyphs stands nearer, or farther apart.</summary>
    internal float Kerning(ushort left, ushort right) => _kerning.TryGetValue((left, right), out var known) ? known : _kerning.GetOrAdd((left, right), Measure);

    private static PictureFont Read(string file)
    {
        using var stream = typeof(PictureFont).Assembly.GetManifestResourceStream("picture/" + file)!;
        var typeface = SKTypeface.FromStream(stream) ?? throw new InvalidOperationException($"{file} is no font.");
        return new(typeface, new SKFont(typeface, typeface.UnitsPerEm) { Hinting = SKFontHinting.None, LinearMetrics = true, Subpixel = true });
    }

    private PictureGlyph Load(ushort glyph)
    {
        lock (_lock)
            return new PictureGlyph(_font.GetGlyphPath(glyph), _font.MeasureText([glyph]) / _typeface.UnitsPerEm, 1f / _typeface.UnitsPerEm);
    }

    private float Measure((ushort Left, ushort Right) pair)
    {
        lock (_lock)
            return _typeface.GetKerningPairAdjustments([pair.Left, pair.Right]) is [var distance, ..] ? (float)distance / _typeface.UnitsPerEm : 0;
    }
}

/// <summary>A glyph.</summary>
/// <param name="Outline">Its outline, in the font's units; null where there is nothing to be seen.</param>
/// <param name="Width">How wide it is, in ems.</param>
/// <param name="Unit">How long the font's unit is, in ems.</param>
internal readonly record struct PictureGlyph(SKPath? Outline, float Width, float Unit);
