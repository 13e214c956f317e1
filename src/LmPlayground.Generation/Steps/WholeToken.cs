using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Steps;

/// <summary>
/// Whether a text is a token: the one place that decides it, for everything that takes texts for tokens, before spaces are added to the
/// text or special tokens left out of it.
/// </summary>
internal static class WholeToken
{
    /// <summary>The token that is written just like this, or null where the text is spelled by several or by one of another spelling.</summary>
    internal static int? IdOf(ModelTokenizer tokenizer, string text) =>
        tokenizer.IdOf(text) is { } id && tokenizer.Encode(text, addSpecialTokens: false) is [var token] && token.Id == id ? id : null;

    /// <summary>The tokens of a text as it stands inside another one: without the space that some tokenizers put in front of a whole text.</summary>
    internal static IReadOnlyList<int> Inside(ModelTokenizer tokenizer, string text)
    {
        int[] alone = [.. tokenizer.Encode(text, addSpecialTokens: false).Select(token => token.Id)];
        if (alone.Length == 0 || IdOf(tokenizer, text) is not null || !PutsSpaceBefore(tokenizer, text, alone))
            return alone;

        // Behind the end of a line a text has the tokens that it has inside another one, unless the two become one.
        const string before = "\n";
        var behind = tokenizer.Encode(before + text, addSpecialTokens: false).Where(token => token.Start + token.Length > before.Length).ToArray();
        return behind.Length > 0 && behind[0].Start >= before.Length ? [.. behind.Select(token => token.Id)] : alone;
    }

    private static bool PutsSpaceBefore(ModelTokenizer tokenizer, string text, int[] ids)
    {
        var decoder = tokenizer.StartStream(skipSpecialTokens: false);

        // Whatever comes first: what follows it is decoded as it is inside a text.
        decoder.Append(ids[0]);
        return Spaces(string.Concat(ids.Select(decoder.Append))) > Spaces(text);

        static int Spaces(string text) => text.Length - text.TrimStart(' ').Length;
    }
}
