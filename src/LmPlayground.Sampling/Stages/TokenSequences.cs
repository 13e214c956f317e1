using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>The ways in which a text may stand in a sequence of tokens.</summary>
internal static class TokenSequences
{
    /// <summary>
    /// The tokens of <paramref name="text"/> as typed and with a space before it; one sequence where both are the same. A text that is one
    /// token is that token: with a space before it only where that is one token too, and never a space and the token.
    /// </summary>
    /// <exception cref="SettingException">The vocabulary has no tokens for the text.</exception>
    internal static IEnumerable<int[]> Of(ISamplingVocabulary vocabulary, string text)
    {
        int[] typed = [.. vocabulary.Encode(text)];
        int[] spaced = [.. vocabulary.Encode(' ' + text)];
        if (typed.Length == 0)
            throw new SettingException("text.no_tokens", $"The model has no tokens for the text '{text}'.");
        return typed.AsSpan().SequenceEqual(spaced) || (typed.Length == 1 && spaced.Length != 1) ? [typed] : [typed, spaced];
    }
}
