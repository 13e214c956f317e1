using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Branching;

/// <summary>The stop criteria of a search, asked of sequences in any order: nothing is remembered from one to the next.</summary>
internal sealed class StopRules
{
    private readonly StoppingCriteria _criteria;
    private readonly ImmutableArray<string> _strings;
    private readonly int _longest;

    internal StopRules(StoppingOptions options, ModelCard card, int promptLength)
    {
        _criteria = new StoppingCriteria(options, card.EndOfSequenceIds, card.ContextLength);
        _strings = [.. options.StopStrings.Where(text => text.Length > 0)];
        _longest = _strings.Select(text => text.Length).DefaultIfEmpty(0).Max();
        EndIds = [.. (options.StopAtEndOfSequence ? card.EndOfSequenceIds : []).Concat(options.StopTokenIds).Distinct()];
        MostNewTokens = Math.Min(options.MaxNewTokens, (card.ContextLength ?? int.MaxValue) - promptLength);
    }

    /// <summary>The tokens that end a sequence.</summary>
    internal ImmutableArray<int> EndIds { get; }

    /// <summary>The most tokens that a sequence can get.</summary>
    internal int MostNewTokens { get; }

    /// <summary>Why a sequence ends with a token, or null.</summary>
    internal FinishReason? Check(int id, int newTokens, int length, bool stopStringFound) =>
        _criteria.Check(new StoppingContext(id, newTokens, length, stopStringFound));

    /// <summary>The text with one more piece, cut before the stop string that the piece completes, if it does.</summary>
    /// <param name="text">A text without any stop string.</param>
    /// <param name="piece">What follows it.</param>
    internal (string Text, bool Stopped) Append(string text, string piece)
    {
        if (_longest == 0 || piece.Length == 0)
            return (text + piece, false);
        var tail = text[Math.Max(0, text.Length - _longest + 1)..];
        var matcher = new StopStringMatcher(_strings);
        var released = matcher.Append(tail) + matcher.Append(piece);
        return matcher.Match is null ? (text + piece, false) : (text[..^tail.Length] + released, true);
    }
}
