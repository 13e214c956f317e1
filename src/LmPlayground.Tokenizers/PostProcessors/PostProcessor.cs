namespace LmPlayground.Tokenizers.PostProcessors;

/// <summary>The fourth step: adds the special tokens around a text and trims offsets.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal abstract class PostProcessor
{
    /// <param name="text">The whole original text.</param>
    /// <param name="tokens">Its tokens, to be changed.</param>
    /// <param name="addSpecialTokens">Whether special tokens are added.</param>
    /// <param name="tokenOf">The spelling of an id.</param>
    public abstract void Process(string text, List<TextToken> tokens, bool addSpecialTokens, Func<int, string?> tokenOf);
}

/// <summary>Several post-processors, one after the other.</summary>
internal sealed class PostProcessorSequence(IReadOnlyList<PostProcessor> steps) : PostProcessor
{
    public override void Process(string text, List<TextToken> tokens, bool addSpecialTokens, Func<int, string?> tokenOf)
    {
        foreach (var step in steps)
            step.Process(text, tokens, addSpecialTokens, tokenOf);
    }
}

/// <summary>Puts fixed tokens before and after a text: what Hugging Face's template says for a single sequence.</summary>
internal sealed class TemplatePostProcessor(IReadOnlyList<int> before, IReadOnlyList<int> after) : PostProcessor
{
    public override void Process(string text, List<TextToken> tokens, bool addSpecialTokens, Func<int, string?> tokenOf)
    {
        if (!addSpecialTokens)
            return;
        tokens.InsertRange(0, before.Select(id => new TextToken(id, 0, 0)));
        var end = tokens.Count == 0 ? 0 : tokens[^1].Start + tokens[^1].Length;
        tokens.AddRange(after.Select(id => new TextToken(id, end, 0)));
    }
}

/// <summary>Takes the white space of byte-level tokens out of their offsets.</summary>
internal sealed class ByteLevelOffsetTrimmer(bool addPrefixSpace) : PostProcessor
{
    public override void Process(string text, List<TextToken> tokens, bool addSpecialTokens, Func<int, string?> tokenOf)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokenOf(tokens[i].Id) ?? "";
            var leading = token.TakeWhile(IsSpace).Count();
            var trailing = token.Reverse().TakeWhile(IsSpace).Count();
            var start = tokens[i].Start;
            var end = start + tokens[i].Length;

            // A space that the tokenizer itself put in front was never in the text.
            if (addPrefixSpace && (i == 0 || start == 0))
                leading = 0;
            // Counted in characters of the text, which need not be the spaces themselves.
            for (; leading > 0 && start < end; leading--)
                start += char.IsHighSurrogate(text[start]) ? 2 : 1;
            var trimmed = end;
            for (; trailing > 0 && trimmed > 0; trailing--)
                trimmed -= char.IsLowSurrogate(text[trimmed - 1]) ? 2 : 1;
            if (trailing == 0)
                end = Math.Max(trimmed, start);
            tokens[i] = new TextToken(tokens[i].Id, start, end - start);
        }
    }

    private static bool IsSpace(char character) => character == 'Ġ' || char.IsWhiteSpace(character);
}
