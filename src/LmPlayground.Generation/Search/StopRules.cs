using System.Collections.Frozen;
using System.Collections.Immutable;
using LmPlayground.Generation.Steps;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Search;

/// <summary>The stop criteria of a search: what one sequence has seen is forked with it.</summary>
internal sealed class StopRules
{
    private readonly StoppingCriteria _criteria;
    private readonly ImmutableArray<string> _strings;
    private readonly FrozenDictionary<int, string> _unseen;
    private readonly int _longest;
    private readonly bool _keepsMatch;
    private readonly int _least;
    private readonly string _before;

    internal StopRules(GenerationRequest request, TimeProvider time)
    {
        var (options, card) = (request.Stopping, request.Model.Card);
        _least = MinNewTokensStage.LeastOf(request.Sampling) - request.ContinuedIds.Length;
        _criteria = new StoppingCriteria(options, card.EndOfSequenceIds, card.ContextLength, time, _least);
        _criteria.Continue(request.ContinuedIds.AsSpan(), request.ContinuedConfidences.AsSpan());
        _keepsMatch = options.IncludeStopString;
        _strings = [.. options.StopStrings.Where(text => text.Length > 0)];
        _unseen = WholeToken.Unseen(request.Model.Tokenizer, _strings);
        _longest = _strings.Select(text => text.Length).DefaultIfEmpty(0).Max();
        EndIds = [.. (options.StopAtEndOfSequence ? card.EndOfSequenceIds : []).Concat(options.StopTokenIds).Distinct()];
        _before = EndOf(TextOf(request));
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
                throw new SettingException($"{rule.Parameters[0].Name} does not go with beam search, which gives up unlikely sequences itself: set it to 0, or sample.");
        }
    }

    /// <summary>The text with one more piece, cut at the stop string that the piece completes, if it does.</summary>
    /// <param name="text">A text that no stop string has ended.</param>
    /// <param name="piece">What follows it.</param>
    /// <param name="id">The token that the piece is the text of.</param>
    /// <param name="newTokens">How many tokens the sequence then has.</param>
    internal (string Text, bool Stopped) Append(string text, string piece, int id, int newTokens)
    {
        if (newTokens > _least && _unseen.TryGetValue(id, out var stop))
            return (_keepsMatch ? text + stop : text, true);
        if (_longest == 0 || piece.Length == 0)
            return (text + piece, false);
        // A stop string may begin in what is continued: then nothing is left of the text.
        var before = EndOf(_before + text);
        var matcher = new StopStringMatcher(_strings, _keepsMatch);
        var released = matcher.Append(before, passesOver: true) + matcher.Append(piece, passesOver: newTokens <= _least);
        if (matcher.Match is null)
            return (text + piece, false);
        var own = text.Length - before.Length;
        return (own >= 0 ? text[..own] + released : released[Math.Min(-own, released.Length)..], true);
    }

    /// <summary>As much of a text's end as may be the beginning of a stop string.</summary>
    private string EndOf(string text) => text[Math.Max(0, text.Length - Math.Max(0, _longest - 1))..];

    private static string TextOf(GenerationRequest request)
    {
        var decoder = request.Model.Tokenizer.StartStream();
        foreach (var id in request.PromptIds)
            decoder.Append(id);
        return string.Concat(request.ContinuedIds.Select(decoder.Append));
    }
}
