using System.Collections.Immutable;

namespace LmPlayground.Sampling.Stages;

/// <summary>The tokens and sequences of tokens at which DRY takes a repetition to end.</summary>
internal sealed class SequenceBreakerSet
{
    /// <summary>No breaker.</summary>
    internal static readonly SequenceBreakerSet Empty = new([], []);

    private readonly HashSet<int> _tokens;
    private readonly ImmutableArray<int[]> _sequences;

    private SequenceBreakerSet(HashSet<int> tokens, ImmutableArray<int[]> sequences)
    {
        _tokens = tokens;
        _sequences = sequences;
    }

    /// <summary>Every token that contains one of the texts, and the tokens of each text that takes several.</summary>
    internal static SequenceBreakerSet Of(ISamplingVocabulary vocabulary, IReadOnlyList<string> texts) => new(
        [.. texts.SelectMany(vocabulary.TokensContaining)],
        [.. texts.Select(text => vocabulary.Encode(text).ToArray()).Where(ids => ids.Length > 1)]);

    internal bool Contains(int id) => _tokens.Contains(id);

    /// <summary>How many tokens have come since the last breaker.</summary>
    internal int LengthSinceLast(ReadOnlySpan<int> history)
    {
        for (var length = 0; length < history.Length; length++)
        {
            if (EndsInBreaker(history[..^length]))
                return length;
        }

        return history.Length;
    }

    private bool EndsInBreaker(ReadOnlySpan<int> history)
    {
        if (_tokens.Contains(history[^1]))
            return true;
        foreach (var sequence in _sequences)
        {
            if (history.EndsWith(sequence))
                return true;
        }

        return false;
    }
}
