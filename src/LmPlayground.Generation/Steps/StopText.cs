using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Steps;

/// <summary>Stop strings in what a model says: text, and the special tokens that give none.</summary>
internal static class StopText
{
    /// <summary>Reads one more token; returns what of the text can be shown now.</summary>
    /// <param name="matcher">What looks for the stop strings.</param>
    /// <param name="tokenizer">Whose token it is.</param>
    /// <param name="id">The token.</param>
    /// <param name="text">What it adds to the text.</param>
    /// <param name="passesOver">Whether a stop string that it completes counts for nothing.</param>
    internal static string Append(this StopStringMatcher matcher, ModelTokenizer tokenizer, int id, string text, bool passesOver)
    {
        var shown = matcher.Append(text, passesOver);
        return tokenizer.IsSpecial(id) && tokenizer.TokenOf(id) is { } name ? shown + matcher.AppendUnseen(name, passesOver) : shown;
    }
}
