using System.Collections.Immutable;
using LmPlayground.Generation.Branching;
using LmPlayground.Generation.PrefixCache;
using LmPlayground.Models;
using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Generation.Comparison;

/// <summary>Reads a given continuation and measures how probable the model finds each of its tokens.</summary>
/// <remarks>
/// What stands before the first scored token is read in the pieces of a prompt, from the prefix cache as far as it is there, and the rest in
/// pieces as long: long texts need no more memory than a long prompt. Logits of many tokens read at once may differ in their last places
/// from those of a run that read them one by one.
/// </remarks>
internal sealed class ContinuationScorer(SequenceCache cache, int chunk)
{
    private readonly LogSoftmax _logSoftmax = new();

    internal ContinuationScore Score(ILanguageModel model, string prompt, string continuation, CancellationToken cancellationToken)
    {
        var text = BorderedText.Of(model, prompt, continuation);
        var ids = text.Ids;
        Check(model, ids);
        var (start, end) = (text.Context.Length, ids.Length - 1);
        var tokens = Read(model, text, ids, SequencePlan.EndsOf(start, end, chunk), cancellationToken)
            ?? Read(model, text, ids, Enumerable.Range(start + 1, end - start), cancellationToken)!;
        return new ContinuationScore
        {
            Text = text.Text,
            FromPrompt = text.FromPrompt,
            ContextTokens = text.Context.Length,
            Tokens = [.. tokens],
            TotalBits = tokens.Sum(token => token.Surprisal),
            Characters = text.Text.EnumerateRunes().Count(),
        };
    }

    /// <summary>The last token is scored and never read, so that a text may have one more than the context holds.</summary>
    private static void Check(ILanguageModel model, ImmutableArray<int> ids)
    {
        var card = model.Card;
        if (ids.Length - 1 > card.ContextLength)
        {
            throw new PromptException(FormattableString.Invariant(
                $"Prompt and text have {ids.Length:N0} tokens together, and {card.Name} can score {card.ContextLength + 1:N0}: shorten them by {ids.Length - card.ContextLength - 1:N0} tokens or more."));
        }

        PromptEncoder.CheckVocabulary(model, ids);
    }

    /// <summary>The scored tokens, read in pieces with these ends; null where the model gives no logits inside a piece: then each token must be one.</summary>
    private List<ScoredToken>? Read(
        ILanguageModel model, BorderedText text, ImmutableArray<int> ids, IEnumerable<int> ends, CancellationToken cancellationToken)
    {
        using var lease = new SequenceLease(cache, model, SequencePlan.For(text.Context, [], chunk));
        var labels = TokenLabels.For(model.Tokenizer);
        var tokens = new List<ScoredToken>(text.Scored.Length);
        Add(tokens, text, labels, lease.ReadAll(null, cancellationToken));
        var read = text.Context.Length;
        foreach (var end in ends)
        {
            var logits = lease.ForwardAll(ids.AsSpan()[read..end], cancellationToken);
            if (logits.Positions < end - read)
            {
                lease.Keep();
                return null;
            }

            for (var row = 0; row < logits.Positions; row++)
                Add(tokens, text, labels, logits[row]);
            read = end;
        }

        lease.Keep();
        return tokens;
    }

    private void Add(List<ScoredToken> tokens, BorderedText text, TokenLabels labels, ReadOnlySpan<float> logits)
    {
        var token = text.Scored[tokens.Count];
        _logSoftmax.Measure(logits);
        var surprisal = Math.Max(0, (_logSoftmax.LogSum - logits[token.Id]) / Math.Log(2));
        tokens.Add(new ScoredToken(token.Id, labels[token.Id], token.Start, token.Length, surprisal, TokenRanking.RankOf(logits, token.Id)));
    }
}
