using System.Collections.Immutable;
using LmPlayground.Generation.Engine;

namespace LmPlayground.Generation.Search;

/// <summary>The state of a beam search between two steps: its groups.</summary>
internal sealed class BeamSearchLoop : IStepLoop<BeamStep>
{
    private readonly BeamSearch _run;
    private readonly PromptRoot _root;
    private readonly BeamScorer _scorer;
    private readonly BeamGroup[] _groups;
    private int _length;

    internal BeamSearchLoop(BeamSearch run)
    {
        _run = run;
        _scorer = new BeamScorer(run.Request);
        var stops = new StopRules(run.Request, run.Engine.Time);

        // Last, since what fails after it would leave its sequence to nobody.
        _root = new PromptRoot(run);
        _groups = [.. Enumerable.Range(0, run.Options.NumBeamGroups).Select(number => new BeamGroup(run.Options, number, stops, _root.Begin()))];
    }

    /// <inheritdoc/>
    public BeamStep? Next(CancellationToken cancellationToken)
    {
        if (Array.TrueForAll(_groups, group => group.IsDone))
            return null;
        _length++;
        _root.Read([.. _groups.Where(group => !group.IsDone).SelectMany(group => group.Live)], cancellationToken);
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
        foreach (var hypothesis in group.Live)
        {
            hypothesis.Index = live.Count;
            live.Add(new Beam
            {
                Ids = hypothesis.Ids,
                Text = hypothesis.Text,
                LogProbabilities = hypothesis.LogProbabilities,
                Sum = hypothesis.Sum,
                Score = group.ScoreOf(hypothesis.Sum, _length),
                Parent = hypothesis.Parent,
                Group = Array.IndexOf(_groups, group),
            });
        }
    }
}
