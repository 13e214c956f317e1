using System.Collections.Immutable;
using LmPlayground.Generation.Steps;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Search;

/// <summary>The stop criteria of a search: what one sequence has seen is forked with it.</summary>
internal sealed class StopRules
{
    private readonly StoppingCriteria _criteria;
    private readonly ModelTokenizer _tokenizer;
    private readonly StopStringMatcher _matcher;
    private readonly int _least;
    private readonly string _withheldBefore;

    internal StopRules(GenerationRequest request, TimeProvider time)
    {
        var (options, card) = (request.Stopping, request.Model.Card);
        _least = MinNewTokensStage.LeastOf(request.Sampling) - request.ContinuedIds.Length;
        _criteria = new StoppingCriteria(options, card.EndOfSequenceIds, card.ContextLength, time, _least);
        _criteria.Continue(request.ContinuedIds.AsSpan(), request.ContinuedConfidences.AsSpan());
        _tokenizer = request.Model.Tokenizer;
        (_matcher, _) = StopText.Begin(request);
        _withheldBefore = _matcher.Withheld;
        EndIds = [.. (options.StopAtEndOfSequence ? card.EndOfSequenceIds : []).Concat(options.StopTokenIds).Distinct()];
        MostNewTokens = Math.Min(options.MaxNewTokens, (card.ContextLength ?? int.MaxValue) - request.PromptIds.Length - request.ContinuedIds.Length);
    }

    /// <summary>The tokens that end a sequence.</summary>
    internal ImmutableArray<int> EndIds { get; }

    /// <summary>The most tokens that a sequence can get.</summary>
    internal int MostNewTokens { get; }

    /// <summary>The criteria for one token more after a sequence, given those of the sequence, or null for the empty one.</summary>
    internal StoppingCriteria After(StoppingCriteria? sequence) => (sequence ?? _criteria).Fork();

    /// <summary>Refuses the criteria that make no sense where nothing is drawn: an unlikely beam is given up anyway.</summary>
    /// <exception cref="SettingException">One is on; the message names it.</exception>
    internal static void RefuseStreaks(StoppingOptions options)
    {
        foreach (var rule in StoppingRules.All)
        {
            if (rule.NeedsDraws && rule.IsOn(options))
                throw new SettingException("beams.stop", $"{rule.Parameters[0].Name} does not go with beam search, which gives up unlikely sequences itself: set it to 0, or sample.");
        }
    }

    /// <summary>The text of a sequence, with what has been held back of it, after one token more.</summary>
    /// <param name="sequence">What has read the sequence for stop strings and found none, or null for the empty one.</param>
    /// <param name="text">The sequence's text.</param>
    /// <param name="piece">What the token adds to it.</param>
    /// <param name="id">The token.</param>
    /// <param name="newTokens">How many tokens the sequence then has.</param>
    /// <returns>The text, cut at the stop string that the token completes, if it does; and what has read it.</returns>
    internal (string Text, StopStringMatcher Matcher) Append(StopStringMatcher? sequence, string text, string piece, int id, int newTokens)
    {
        var matcher = (sequence ?? _matcher).Fork();
        var shown = (_withheldBefore + text)[..^matcher.Withheld.Length] + matcher.Append(_tokenizer, id, piece, passesOver: newTokens <= _least);
        var whole = matcher.Match is null ? shown + matcher.Withheld : shown;

        // A stop string may begin in what is continued: then nothing is left of the text.
        return (whole[Math.Min(_withheldBefore.Length, whole.Length)..], matcher);
    }
}
