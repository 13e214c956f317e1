using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Steps;

/// <summary>Stop strings in what a model says: text, and the special tokens that give none.</summary>
internal static class StopText
{
    /// <summary>What looks for a request's stop strings, and what decodes its tokens, before the first new token.</summary>
    internal static (StopStringMatcher Matcher, TokenStreamDecoder Decoder) Begin(GenerationRequest request)
    {
        var tokenizer = request.Model.Tokenizer;
        var matcher = new StopStringMatcher(request.Stopping.StopStrings, request.Stopping.IncludeStopString);

        // Some tokenizers decode a token differently at the beginning of a text: the prompt goes through the decoder first.
        var decoder = tokenizer.StartStream();
        foreach (var id in request.PromptIds)
            decoder.Append(id);

        // A stop string may begin in what is continued and end after it.
        foreach (var id in request.ContinuedIds)
            matcher.Append(tokenizer, id, decoder.Append(id), passesOver: true);
        return (matcher, decoder);
    }

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
