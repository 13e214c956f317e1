using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Search;

/// <summary>
/// Beam search over one group of beams: the steps of <c>GenerationMixin._beam_search</c> in Hugging Face transformers 4.57
/// (generation/utils.py), with its candidate count, its rule for what may finish and its three ways to stop.
/// </summary>
/// <remarks>
/// Two things differ, and neither changes a token where both are defined: sums are kept in double rather than float32, and where the
/// vocabulary offers fewer continuations than there are beams, the missing beams are missing rather than copies with a score of -1e9.
/// </remarks>
internal sealed class BeamGroup : IDisposable
{
    private readonly BeamSearchOptions _options;
    private readonly int _number;
    private readonly int _size;
    private readonly StopRules _stops;
    private readonly ContinuationPool _pool;
    private readonly FinishedBeams _finished;
    private List<Hypothesis> _live;
    private bool _canImprove = true;

    internal BeamGroup(BeamSearchOptions options, int number, StopRules stops, Hypothesis root)
    {
        _options = options;
        _number = number;
        _size = options.NumBeams / options.NumBeamGroups;
        _stops = stops;

        // So many that as many live ones as beams are left even if every beam's best tokens all end it.
        _pool = new ContinuationPool(Math.Max(2, 1 + stops.EndIds.Length) * _size);
        _finished = new FinishedBeams(_size);
        _live = [root];
    }

    /// <summary>Whether the group has ended.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>The beams that go on, best first; after the last step, those that were given up.</summary>
    internal IReadOnlyList<Hypothesis> Live => _live;

    /// <summary>The finished sequences, best first.</summary>
    internal ImmutableArray<Beam> Finished => _finished.Beams;

    /// <summary>
    /// The tokens that the beams took in the last step, which later groups pay for. Ends are not among them; tokens at the greatest length
    /// are, since transformers judges length only after all groups.
    /// </summary>
    internal IReadOnlyList<int> Taken { get; private set; } = [];

    // One beam is greedy decoding, which ends with the first end-of-sequence token.
    private bool StopsWhenFull => _options.EarlyStopping == EarlyStopping.WhenFull || _options.NumBeams == 1;

    /// <summary>Extends every beam by one token.</summary>
    internal void Step(BeamScorer scorer, GenerationRequest request, IReadOnlyDictionary<int, double> penalties, CancellationToken cancellationToken)
    {
        _pool.Clear();
        for (var beam = 0; beam < _live.Count; beam++)
        {
            var logits = _live[beam].Read(cancellationToken);
            scorer.Score(logits, new SamplingContext(_live[beam].History, request.PromptIds.Length, request.Seed), penalties);
            _pool.Add(beam, _live[beam].Sum, scorer, logits);
        }

        var length = _live[0].Ids.Length + 1;
        Extension[] candidates = [.. _pool.Best.Select(next => _live[next.Beam].Extend(next.Id, next.LogProbability, next.Sum, _stops, TokenConfidence.Certain))];
        Taken = [.. candidates.Select(candidate => candidate.Id).Where(id => !_stops.EndIds.Contains(id)).Take(_size)];
        Finish(candidates);
        var next = candidates.Where(candidate => candidate.FinishReason is null).Take(_size).ToList();
        var best = next.Count > 0 ? next[0].Sum : double.NegativeInfinity;
        _canImprove &= !_finished.IsFull || BestPossible(best, length) > _finished.Worst;
        IsDone = next.Count == 0 || !_canImprove || (StopsWhenFull && _finished.IsFull);
        Replace(next, cancellationToken);
    }

    /// <summary>A sequence's score: sum / length^length_penalty.</summary>
    internal double ScoreOf(double sum, int length) => sum / Math.Pow(length, _options.LengthPenalty);

    public void Dispose() => _live.ForEach(hypothesis => hypothesis.Dispose());

    /// <summary>Only what ranks among the first as many as beams may finish: the others are there as a reserve of live ones.</summary>
    private void Finish(Extension[] candidates)
    {
        if (StopsWhenFull && _finished.IsFull)
            return;
        foreach (var candidate in candidates.Take(_size))
        {
            if (candidate.FinishReason is not null)
                _finished.Add(candidate.ToBeam(ScoreOf(candidate.Sum, candidate.Parent.Ids.Length + 1), _number));
        }
    }

    /// <summary>What the best live beam may still come to. Sums only fall, so that only a positive penalty makes more length worth something.</summary>
    private double BestPossible(double sum, int length) =>
        ScoreOf(sum, _options.EarlyStopping == EarlyStopping.Never && _options.LengthPenalty > 0 ? _stops.MostNewTokens : length);

    private void Replace(List<Extension> next, CancellationToken cancellationToken)
    {
        var parents = _live;
        _live = [.. next.Select(Hypothesis.Of)];
        try
        {
            if (IsDone)
                return;
            var children = _live.ToLookup(child => next[_live.IndexOf(child)].Parent);
            var spares = parents.FindAll(parent => !children.Contains(parent));
            foreach (var family in children)
                family.Key.HandOver(family, spares, cancellationToken);
        }
        finally
        {
            parents.ForEach(parent => parent.Dispose());
        }
    }
}
