using System.Collections.Immutable;

namespace LmPlayground.Generation.PrefixCache;

/// <summary>
/// The tokens of a sequence and the pieces in which the model reads them. The pieces follow from the request alone: the prompt in
/// chunks that begin at multiples of the chunk size, its last token alone, and every generated token alone.
/// </summary>
/// <remarks>
/// A cached prefix is used only where its pieces were the same. Logits then have the same bits with and without the cache; models
/// give slightly different ones when the same tokens are read in other pieces.
/// </remarks>
internal sealed class SequencePlan
{
    private SequencePlan(ImmutableArray<int> tokens, ImmutableArray<int> ends)
    {
        Tokens = tokens;
        Ends = ends;
    }

    /// <summary>All tokens to read before the next one can be drawn.</summary>
    internal ImmutableArray<int> Tokens { get; }

    /// <summary>Where each piece ends (exclusive), ascending; the last is the number of tokens.</summary>
    internal ImmutableArray<int> Ends { get; }

    /// <summary>The plan for a prompt and the tokens that were generated after it.</summary>
    internal static SequencePlan For(ImmutableArray<int> prompt, ImmutableArray<int> generated, int chunk)
    {
        var ends = ImmutableArray.CreateBuilder<int>();
        for (var end = chunk; end < prompt.Length - 1; end += chunk)
            ends.Add(end);
        if (prompt.Length > 1)
            ends.Add(prompt.Length - 1);
        for (var end = prompt.Length; end <= prompt.Length + generated.Length; end++)
            ends.Add(end);
        return new SequencePlan([.. prompt, .. generated], ends.ToImmutable());
    }
}
