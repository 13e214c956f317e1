using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Steps;

/// <summary>Makes the record of a step out of its logits and a chain that has run over them.</summary>
/// <remarks>Keeps its buffers: not thread-safe.</remarks>
internal sealed class TokenStepBuilder(ModelTokenizer tokenizer, int topCandidates)
{
    private readonly TokenLabels _labels = TokenLabels.For(tokenizer);
    private int[] _ids = [];
    private double[] _probabilities = [];
    private double[] _sampled = [];

    /// <summary>The record of the step at <paramref name="position"/>, whose token is <paramref name="id"/>; its texts are left empty.</summary>
    internal TokenStep Build(ReadOnlySpan<float> logits, SamplerChain chain, int position, int id, TokenDraw draw)
    {
        var top = Top(logits, chain, id, out var place);
        var chosen = top[place];
        return new TokenStep
        {
            Position = position,
            Id = id,
            Text = "",
            Display = chosen.Text,
            Logit = chosen.Logit,
            Probability = chosen.Probability,
            SampledProbability = chosen.SampledProbability,
            Rank = chosen.Rank,
            Surprisal = Math.Max(0, (chain.ModelLogSum - logits[id]) / Math.Log(2)),
            Entropy = chain.ModelEntropy,
            Stages = [.. chain.Traces],
            Draw = draw,
            Top = top,
            Others = Others(logits.Length, chain, top),
        };
    }

    /// <summary>The listed candidates, the chosen one as the last if it is not among the first ones, and its place in the list.</summary>
    private ImmutableArray<TokenCandidate> Top(ReadOnlySpan<float> logits, SamplerChain chain, int chosen, out int place)
    {
        var wanted = Math.Min(topCandidates, logits.Length);
        Reserve(wanted + 1);
        var listed = TokenRanking.Top(logits, _ids.AsSpan(0, wanted));

        // The list is in the order that ranks count: only a token outside it costs another pass over the vocabulary.
        place = _ids.AsSpan(0, listed).IndexOf(chosen);
        var count = listed;
        if (place < 0)
        {
            place = count;
            _ids[count++] = chosen;
        }

        var ids = _ids.AsSpan(0, count);
        TokenRanking.Probabilities(logits, ids, chain.ModelLogSum, _probabilities);
        chain.Candidates.Probabilities(ids, _sampled);
        var top = new TokenCandidate[count];
        var cumulative = 0.0;
        for (var i = 0; i < listed; i++)
        {
            cumulative = Math.Min(1, cumulative + _probabilities[i]);
            top[i] = Candidate(logits, chain, i, i + 1, cumulative);
        }

        if (listed < count)
        {
            top[^1] = Candidate(
                logits, chain, listed, TokenRanking.RankOf(logits, chosen),
                TokenRanking.CumulativeProbability(logits, chosen, chain.ModelLogSum));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(top);
    }

    private TokenCandidate Candidate(ReadOnlySpan<float> logits, SamplerChain chain, int place, int rank, double cumulative)
    {
        var id = _ids[place];
        return new(id, _labels[id], rank, logits[id], _probabilities[place], _sampled[place], cumulative, chain.RemovedBy(id));
    }

    private void Reserve(int count)
    {
        if (_ids.Length >= count)
            return;
        _ids = new int[count];
        _probabilities = new double[count];
        _sampled = new double[count];
    }

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
            if (removed > most)
            {
                foreach (var candidate in top)
                    removed -= candidate.RemovedBy == trace.Stage ? 1 : 0;
            }

            if (removed > most)
                (main, most) = (trace.Stage, removed);
            before = trace.Kept;
        }

        return main;
    }
}
