using System.Collections.Immutable;
using LmPlayground.Generation.PrefixCache;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Branching;

/// <summary>The state of a best-of-n run between two tokens: the sequences that are left, each with the samples that agree on it.</summary>
internal sealed class BestOfLoop : IBranchingLoop
{
    private readonly BestOfN _run;
    private readonly PromptRoot _root;
    private readonly StopRules _stops;
    private readonly SamplerChain[] _chains;
    private readonly LogSoftmax _logSoftmax = new();
    private readonly List<Beam> _finished = [];
    private List<(Branch Branch, int[] Samples)> _live;
    private int _length;

    internal BestOfLoop(BestOfN run, SequenceCache sequences, GenerationOptions generation, TimeProvider time)
    {
        _run = run;

        // Each sample has its chain, as a run of its own would: some stages adapt to what was drawn.
        var vocabulary = new ModelVocabulary(run.Request.Model, run.Request.Stopping);
        _chains = [.. Enumerable.Range(0, run.Options.Count).Select(_ => new SamplerChain(run.Request.Sampling, vocabulary))];
        _root = new PromptRoot(run, sequences, generation);
        _stops = new StopRules(run.Request, time);
        _live = [(_root.Begin(), [.. Enumerable.Range(0, run.Options.Count)])];
    }

    /// <inheritdoc/>
    public BeamStep Next(CancellationToken cancellationToken)
    {
        _length++;
        _root.Read([.. _live.Select(one => one.Branch)], cancellationToken);
        var drawn = new List<(BranchExtension Extension, int[] Samples)>();
        foreach (var (branch, samples) in _live)
            Draw(branch, samples, drawn, cancellationToken);

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
        foreach (var (branch, _) in _live)
            branch.Dispose();
        _root.Dispose();
    }

    private void Draw(Branch branch, int[] samples, List<(BranchExtension, int[])> drawn, CancellationToken cancellationToken)
    {
        var request = _run.Request;
        var logits = branch.Read(cancellationToken);
        _logSoftmax.Measure(logits);
        var byToken = new SortedDictionary<int, List<int>>();
        foreach (var sample in samples)
        {
            var context = new SamplingContext(branch.History, request.PromptIds.Length, SeedOf(sample));
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
            drawn.Add((branch.Extend(id, logProbability, branch.Sum + logProbability, _stops, _logSoftmax.ConfidenceOf(logits[id])), [.. agreeing]));
        }
    }

    private ulong SeedOf(int sample) => unchecked(_run.Request.Seed + (ulong)sample);

    private void Replace((BranchExtension Extension, int[] Samples)[] next, CancellationToken cancellationToken)
    {
        var parents = _live;
        _live = [.. next.Select(one => (Branch.Of(one.Extension), one.Samples))];
        try
        {
            foreach (var (parent, _) in parents)
                parent.HandOver(_live.Where((_, child) => next[child].Extension.Parent == parent).Select(one => one.Branch), [], cancellationToken);
        }
        finally
        {
            parents.ForEach(parent => parent.Branch.Dispose());
        }
    }

    private ImmutableArray<Beam> Publish()
    {
        var live = ImmutableArray.CreateBuilder<Beam>();
        foreach (var (branch, samples) in _live)
        {
            branch.Index = live.Count;
            live.Add(new Beam
            {
                Ids = branch.Ids,
                Text = branch.Text,
                LogProbabilities = branch.LogProbabilities,
                Sum = branch.Sum,
                Score = branch.Sum / _length,
                Parent = branch.Parent,
                Group = samples[0],
            });
        }

        return live.ToImmutable();
    }
}
