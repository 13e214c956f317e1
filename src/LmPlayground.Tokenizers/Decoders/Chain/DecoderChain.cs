using System.Collections.Immutable;
using System.Text;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Decoders.Chain;

/// <summary>Makes one step of a chain.</summary>
/// <param name="isWhole">Whether all tokens are there before any text is asked for.</param>
/// <param name="isEndless">Whether an earlier step makes one token of all, and its text is asked for before it is complete.</param>
/// <param name="next">The next step.</param>
internal delegate DecoderStep StepMaker(bool isWhole, bool isEndless, DecoderStep next);

/// <summary>A decoder of any steps in any order. Each makes a list of tokens of a list of tokens; the text is the last list in a row.</summary>
/// <param name="steps">The steps, each with whether it makes one token of all.</param>
/// <param name="hasByteFallback">Whether one of them reads bytes that are spelled.</param>
internal sealed class DecoderChain(ImmutableArray<(StepMaker Make, bool Fuses)> steps, bool hasByteFallback) : TokenDecoder
{
    /// <summary>The text of a list of tokens.</summary>
    public string Decode(IEnumerable<string> tokens)
    {
        var (first, end) = Start(isWhole: true);
        foreach (var token in tokens)
            Append(first, token);
        first.Finish();
        return end.Take();
    }

    /// <summary>Begins to decode token by token: the first step, which takes them, and what takes the text.</summary>
    public (DecoderStep First, TextEnd End) Start(bool isWhole)
    {
        TextEnd end = new();
        DecoderStep next = end;
        for (var i = steps.Length - 1; i >= 0; i--)
            next = steps[i].Make(isWhole, !isWhole && steps.Take(i).Any(step => step.Fuses), next);
        return (next, end);
    }

    /// <summary>Gives a chain one token more.</summary>
    public static void Append(DecoderStep first, string token)
    {
        first.Begin();
        first.Add(token);
        first.End();
    }

    public override bool IsFallbackByte(string token) => hasByteFallback && FallbackByte.TryRead(token, out _);

    /// <summary>What a token by itself adds, as far as that can be said of a chain.</summary>
    public override byte[] BytesOf(string token, bool isFirst)
    {
        if (hasByteFallback && FallbackByte.TryRead(token, out var value))
            return [value];
        const string before = "a";
        var alone = Decode(isFirst ? [] : [before]);
        var text = Decode(isFirst ? [token] : [before, token]);
        text = text[alone.AsSpan().CommonPrefixLength(text)..];
        return text.Contains('\uFFFD', StringComparison.Ordinal) && !token.Contains('\uFFFD', StringComparison.Ordinal)
            ? ByteAlphabet.BytesOf(token)
            : Encoding.UTF8.GetBytes(text);
    }
}
