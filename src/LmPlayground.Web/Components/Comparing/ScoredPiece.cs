using LmPlayground.Generation.Scoring;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Components.Comparing;

/// <summary>A stretch of a scored text: a token, or the tokens that have a part each of the same characters, as bytes of Chinese ones do.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="Surprisal">The bits of its tokens together.</param>
/// <param name="Title">What is known of it, in words.</param>
internal sealed record ScoredPiece(string Text, double Surprisal, string Title)
{
    /// <summary>The pieces of a scored text, in order.</summary>
    /// <param name="score">The score.</param>
    /// <param name="words">What is said of a piece.</param>
    internal static IEnumerable<ScoredPiece> Of(ContinuationScore score, IStringLocalizer<ComparingTexts> words)
    {
        var tokens = score.Tokens;
        for (var first = 0; first < tokens.Length;)
        {
            var (next, end) = (first + 1, tokens[first].Start + tokens[first].Length);
            while (next < tokens.Length && tokens[next].Start < end)
                end = Math.Max(end, tokens[next].Start + tokens[next++].Length);
            yield return Of(score, first, next, end, words);
            first = next;
        }
    }

    private static ScoredPiece Of(ContinuationScore score, int first, int next, int end, IStringLocalizer<ComparingTexts> words)
    {
        var token = score.Tokens[first];
        if (next == first + 1)
            return new ScoredPiece(token.Display, token.Surprisal, words["PieceToken", Show.Bits(token.Surprisal), Show.Count(token.Rank)]);
        var start = token.Start - score.Tokens[0].Start;
        var bits = score.Tokens[first..next].Sum(part => part.Surprisal);
        return new ScoredPiece(
            score.Text.Substring(start, Math.Min(end - token.Start, score.Text.Length - start)), bits, words["PieceTokens", Show.Bits(bits), next - first]);
    }
}
