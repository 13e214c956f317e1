using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Steps;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Search;

/// <summary>The state of a best-of-n run between two tokens: the sequences that are left, each with the samples that agree on it.</summary>
internal sealed class BestOfLoop : IStepLoop<BeamStep>
{
    private readonly BestOfN _run;
    private readonly PromptRoot _root;
    private readonly StopRules _stops;
    private readonly SamplerChain[] _chains;
    private readonly LogSoftmax _logSoftmax = new();
    private readonly List<Beam> _finished = [];
    private List<(Hypothesis Hypothesis, int[] Samples)> _live;
    private int _length;

    internal BestOfLoop(BestOfN run)
    {
        _run = run;

        // Each sample has its chain, as a run of its own would: some stages adapt to what was drawn.
        var vocabulary = new ModelVocabulary(run.Request.Model, run.Request.Stopping);
        _chains = [.. Enumerable.Range(0, run.Options.Count).Select(_ => new SamplerChain(run.Request.Sampling, vocabulary))];
        _stops = new StopRules(run.Request, run.Engine.Time);

        // Last, since what fails after it would leave its sequence to nobody.
        _root = new PromptRoot(run);
        _live = [(_root.Begin(), [.. Enumerable.Range(0, run.Options.Count)])];
    }

    /// <inheritdoc/>
    public BeamStep? Next(CancellationToken cancellationToken)
    {
        if (_live.Count == 0)
            return null;
        _length++;
        _root.Read([.. _live.Select(one => one.Hypothesis)], cancellationToken);
        var drawn = new List<(Extension Extension, int[] Samples)>();
        foreach (var (hypothesis, samples) in _live)
            Draw(hypothesis, samples, drawn, cancellationToken);

        foreach (var (extension, samples) in drawn.Where(one => one.Extension.FinishReason is not null))
            _finished.AddRange(samples.Select(sample => extension.ToBeam(extension.Sum / _length, sample)));
        Replace([.. drawn.Where(one => one.Extension.FinishReason is null)], cancellationToken);
        ImmutableArray<Beam> ranked = [.. _finished.OrderByDescending(beam => beam.Score).ThenBy(beam => beam.Group)];
        return new BeamStep
        {
            Length = _length,
            Live = Publish(),
            Finished = ranked,
            IsLast = _live.Count == 0,
            Returned = _live.Count == 0 ? [.. ranked.Take(_run.Options.NumReturnSequences)] : [],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (hypothesis, _) in _live)
            hypothesis.Dispose();
        _root.Dispose();
    }

    private void Draw(Hypothesis hypothesis, int[] samples, List<(Extension, int[])> drawn, CancellationToken cancellationToken)
    {
        var request = _run.Request;
        var logits = hypothesis.Read(cancellationToken);
        _logSoftmax.Measure(logits);
        var byToken = new SortedDictionary<int, List<int>>();
        foreach (var sample in samples)
        {
            var context = new SamplingContext(hypothesis.History, request.PromptIds.Length, SeedOf(sample));
            _chains[sample].Run(logits, context, trace: false);
            var draw = TokenSampler.Draw(_chains[sample].Candidates, context.Seed, context.Position);
            _chains[sample].Observe(draw);
            var id = draw.Id;
            if (!byToken.TryGetValue(id, out var agreeing))
                byToken.Add(id, agreeing = []);
            agreeing.Add(sample);
        }

        foreach (var (id, agreeing) in byToken)
        {
            var logProbability = logits[id] - _logSoftmax.LogSum;
            drawn.Add((hypothesis.Extend(id, logProbability, hypothesis.Sum + logProbability, _stops, _logSoftmax.ConfidenceOf(logits[id])), [.. agreeing]));
        }
    }

    private ulong SeedOf(int sample) => unchecked(_run.Request.Seed + (ulong)sample);

    private void Replace((Extension Extension, int[] Samples)[] next, CancellationToken cancellationToken)
    {
        var parents = _live;
        _live = [.. next.Select(one => (Hypothesis.Of(one.Extension), one.Samples))];
        try
        {
            foreach (var (parent, _) in parents)
                parent.HandOver(_live.Where((_, child) => next[child].Extension.Parent == parent).Select(one => one.Hypothesis), [], cancellationToken);
        }
        finally
        {
            parents.ForEach(parent => parent.Hypothesis.Dispose());
        }
    }

    private ImmutableArray<Beam> Publish()
    {
        var live = ImmutableArray.CreateBuilder<Beam>();
        foreach (var (hypothesis, samples) in _live)
        {
            hypothesis.Index = live.Count;
            live.Add(new Beam
            {
                Ids = hypothesis.Ids,
                Text = hypothesis.Text,
                LogProbabilities = hypothesis.LogProbabilities,
                Sum = hypothesis.Sum,
                Score = hypothesis.Sum / _length,
                Parent = hypothesis.Parent,
                Group = samples[0],
            });
        }

        return live.ToImmutable();
    }
}
