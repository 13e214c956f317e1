using LmPlayground.Generation;
using LmPlayground.Web.Formatting;
using SkiaSharp;

namespace LmPlayground.Web.Viewing.Pictures;

/// <summary>A piece of text that looks alike: a token, or what stands between tokens.</summary>
/// <param name="Text">The text.</param>
/// <param name="Ink">Its colour.</param>
internal sealed record PicturePiece(string Text, SKColor Ink)
{
    /// <summary>The colour that it stands on, or null.</summary>
    internal SKColor? Ground { get; init; }

    /// <summary>Whether it is a token: its line ends are seen, and what has no glyphs is one bar.</summary>
    internal bool IsToken { get; init; }

    /// <summary>Whether it has a line below it, as surprising tokens have for those who see no colours.</summary>
    internal bool IsUnderlined { get; init; }

    /// <summary>Whether it is the name of a token that has no text: small, in a frame.</summary>
    internal bool IsName { get; init; }

    /// <summary>Whether it stands between two marks: the first token that another column does not have.</summary>
    internal bool IsMarked { get; init; }

    /// <summary>A token on the ground of its heat.</summary>
    internal static PicturePiece Of(TokenStep step)
    {
        var heat = Show.Heat(step.Probability);
        return new PicturePiece(step.Text.Length > 0 ? step.Text : Show.Token(step.Display), PictureColours.HeatInk[heat])
        {
            Ground = PictureColours.Heat[heat],
            IsToken = true,
            IsUnderlined = heat >= 3,
            IsName = step.Text.Length == 0,
        };
    }

    /// <summary>What was given.</summary>
    internal static PicturePiece Given(string text) => new(text, PictureColours.Soft);
}
