using System.Collections.Immutable;
using LmPlayground.Generation.PrefixCache;

namespace LmPlayground.Generation.Branching;

/// <summary>The state of a beam search between two steps: its groups.</summary>
internal sealed class BeamSearchLoop : IBranchingLoop
{
    private readonly BeamSearch _run;
    private readonly PromptRoot _root;
    private readonly BeamScorer _scorer;
    private readonly BeamGroup[] _groups;
    private int _length;

    internal BeamSearchLoop(BeamSearch run, SequenceCache sequences, GenerationOptions generation, TimeProvider time)
    {
        _run = run;
        _scorer = new BeamScorer(run.Request, run.SuppressedIds);
        _root = new PromptRoot(run, sequences, generation);
        var stops = new StopRules(run.Request, time);
        _groups = [.. Enumerable.Range(0, run.Options.NumBeamGroups).Select(number => new BeamGroup(run.Options, number, stops, _root.Begin()))];
    }

    /// <inheritdoc/>
    public BeamStep Next(CancellationToken cancellationToken)
    {
        _length++;
        var penalties = new Dictionary<int, double>();
        var live = ImmutableArray.CreateBuilder<Beam>();
        foreach (var group in _groups.Where(group => !group.IsDone))
        {
            group.Step(_scorer, _run.Request, penalties, cancellationToken);
            foreach (var id in group.Taken)
                penalties[id] = penalties.GetValueOrDefault(id) + _run.Options.DiversityPenalty;
            Publish(group, live);
        }

        ImmutableArray<Beam> finished = [.. _groups.SelectMany(group => group.Finished).OrderByDescending(beam => beam.Score)];
        var isLast = Array.TrueForAll(_groups, group => group.IsDone);
        return new BeamStep
        {
            Length = _length,
            Live = live.ToImmutable(),
            Finished = finished,
            IsLast = isLast,
            Returned = isLast ? [.. finished.Take(_run.Options.NumReturnSequences)] : [],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in _groups)
            group.Dispose();
        _root.Dispose();
    }

    private void Publish(BeamGroup group, ImmutableArray<Beam>.Builder live)
    {
        foreach (var branch in group.Live)
        {
            branch.Index = live.Count;
            live.Add(new Beam
            {
                Ids = branch.Ids,
                Text = branch.Text,
                LogProbabilities = branch.LogProbabilities,
                Sum = branch.Sum,
                Score = group.ScoreOf(branch.Sum, _length),
                Parent = branch.Parent,
                Group = Array.IndexOf(_groups, group),
            });
        }
    }
}
