using System.Collections.Immutable;

namespace LmPlayground.Generation.PrefixCache;

/// <summary>
/// The tokens of a sequence and the pieces in which the model reads them. The pieces follow from the request alone: the prompt in
/// chunks that begin at multiples of the chunk size, and every generated token alone.
/// </summary>
/// <remarks>
/// A cached prefix is used only where its pieces were the same. Logits then have the same bits with and without the cache; models
/// give slightly different ones when the same tokens are read in other pieces. A prompt never ends in a piece of one token, unless it is
/// one token: kernels for a single row round differently from those for many, by whole units of logits in 4-bit models.
/// </remarks>
internal sealed class SequencePlan
{
    private SequencePlan(ImmutableArray<int> tokens, ImmutableArray<int> ends, int promptLength)
    {
        Tokens = tokens;
        Ends = ends;
        PromptLength = promptLength;
    }

    /// <summary>All tokens to read before the next one can be drawn.</summary>
    internal ImmutableArray<int> Tokens { get; }

    /// <summary>Where each piece ends (exclusive), ascending; the last is the number of tokens.</summary>
    internal ImmutableArray<int> Ends { get; }

    /// <summary>How many of the tokens are the prompt: also where a piece ends.</summary>
    internal int PromptLength { get; }

    /// <summary>The plan for a prompt and the tokens that were generated after it.</summary>
    internal static SequencePlan For(ImmutableArray<int> prompt, ImmutableArray<int> generated, int chunk)
    {
        var ends = ImmutableArray.CreateBuilder<int>();
        ends.AddRange(EndsOf(0, prompt.Length, chunk));
        for (var end = prompt.Length + 1; end <= prompt.Length + generated.Length; end++)
            ends.Add(end);
        return new SequencePlan([.. prompt, .. generated], ends.ToImmutable(), prompt.Length);
    }

    /// <summary>Where the pieces end in which the tokens from <paramref name="start"/> to <paramref name="end"/> (exclusive) are read at once.</summary>
    internal static IEnumerable<int> EndsOf(int start, int end, int chunk)
    {
        for (var piece = start + chunk; piece < end - 1; piece += chunk)
            yield return piece;
        if (end > start)
            yield return end;
    }
}
