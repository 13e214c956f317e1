using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LmPlayground.Models.Tokenization;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Generation;

/// <summary>Makes the record of a step out of its logits and a chain that has run over them.</summary>
/// <remarks>Keeps its buffers: not thread-safe.</remarks>
internal sealed class StepBuilder(ModelTokenizer tokenizer, int topCandidates)
{
    private readonly TokenLabels _labels = TokenLabels.For(tokenizer);
    private int[] _ids = [];

    /// <summary>The record of the step at <paramref name="position"/>, whose token is <paramref name="id"/>; its texts are left empty.</summary>
    internal TokenStep Build(ReadOnlySpan<float> logits, SamplerChain chain, int position, int id, TokenDraw draw)
    {
        var logit = logits[id];
        var probability = TokenRanking.Probability(logit, chain.ModelLogSum);
        var (top, rank) = Top(logits, chain, id);
        return new TokenStep
        {
            Position = position,
            Id = id,
            Text = "",
            Display = _labels[id],
            Logit = logit,
            Probability = probability,
            SampledProbability = chain.Candidates.Probability(id),
            Rank = rank,
            Surprisal = Math.Max(0, (chain.ModelLogSum - logit) / Math.Log(2)),
            Entropy = chain.ModelEntropy,
            Stages = [.. chain.Traces],
            Draw = draw,
            Top = top,
            Others = Others(logits.Length, chain, top),
        };
    }

    /// <summary>The listed candidates, the chosen one as the last if it is not among the first ones, and its rank.</summary>
    private (ImmutableArray<TokenCandidate> Top, int RankOfChosen) Top(ReadOnlySpan<float> logits, SamplerChain chain, int chosen)
    {
        var wanted = Math.Min(topCandidates, logits.Length);
        if (_ids.Length < wanted)
            _ids = new int[wanted];
        var listed = _ids.AsSpan(0, TokenRanking.Top(logits, _ids.AsSpan(0, wanted)));

        // The list is in the order that ranks count: only a token outside it costs another pass over the vocabulary.
        var rank = listed.IndexOf(chosen) + 1;
        var isListed = rank > 0;
        var top = new TokenCandidate[isListed ? listed.Length : listed.Length + 1];
        var cumulative = 0.0;
        for (var i = 0; i < listed.Length; i++)
        {
            var probability = TokenRanking.Probability(logits[listed[i]], chain.ModelLogSum);
            cumulative = Math.Min(1, cumulative + probability);
            top[i] = Candidate(logits, chain, listed[i], i + 1, probability, cumulative);
        }

        if (!isListed)
        {
            rank = TokenRanking.RankOf(logits, chosen);
            top[^1] = Candidate(
                logits, chain, chosen, rank,
                TokenRanking.Probability(logits[chosen], chain.ModelLogSum),
                TokenRanking.CumulativeProbability(logits, chosen, chain.ModelLogSum));
        }

        return (ImmutableCollectionsMarshal.AsImmutableArray(top), rank);
    }

    private TokenCandidate Candidate(
        ReadOnlySpan<float> logits, SamplerChain chain, int id, int rank, double probability, double cumulative) =>
        new(id, _labels[id], rank, logits[id], probability, chain.Candidates.Probability(id), cumulative, chain.RemovedBy(id));

    private static OtherTokens Others(int vocabularySize, SamplerChain chain, ImmutableArray<TokenCandidate> top)
    {
        double probability = 0, sampled = 0;
        var kept = 0;
        foreach (var candidate in top)
        {
            probability += candidate.Probability;
            sampled += candidate.SampledProbability;
            kept += chain.Candidates.Contains(candidate.Id) ? 1 : 0;
        }

        return new OtherTokens(
            vocabularySize - top.Length,
            Math.Max(0, 1 - probability),
            chain.Candidates.Count == kept ? 0 : Math.Max(0, 1 - sampled),
            chain.Candidates.Count - kept,
            MainRemover(vocabularySize, chain.Traces, top));
    }

    /// <summary>The stage that removed most of the tokens that are not listed, or null.</summary>
    private static string? MainRemover(int vocabularySize, ReadOnlySpan<StageTrace> traces, ImmutableArray<TokenCandidate> top)
    {
        string? main = null;
        var most = 0;
        var before = vocabularySize;
        foreach (var trace in traces)
        {
            var removed = before - trace.Kept;
            foreach (var candidate in top)
                removed -= candidate.RemovedBy == trace.Stage ? 1 : 0;
            if (removed > most)
                (main, most) = (trace.Stage, removed);
            before = trace.Kept;
        }

        return main;
    }
}
