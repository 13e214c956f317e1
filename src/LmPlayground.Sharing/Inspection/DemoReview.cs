using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Inspection;

/// <summary>A run of a demo under other settings, without its model: see <see cref="DemoSampler"/> for what is answered. Not thread-safe.</summary>
public sealed class DemoReview
{
    private readonly DemoRun _run;
    private readonly DemoModel? _model;
    private readonly DemoSampler _sampler = new();
    private readonly int[] _history;
    private readonly int _prompt;
    private readonly int _before;
    private readonly int[] _firstCandidate;
    private readonly int[] _firstBin;

    /// <summary>A review of a run of a demo.</summary>
    public DemoReview(SharedDemo demo, DemoRun run)
    {
        _run = run;
        _model = run.Model is { } model ? demo.Models[model] : null;
        ImmutableArray<int> before = [.. Before(demo, run)];
        _history = [.. run.PromptIds, .. before, .. run.Steps.Ids];
        (_prompt, _before) = (run.PromptIds.Length, run.PromptIds.Length + before.Length);
        _firstCandidate = Sums(run.Steps.Candidates.Counts);
        _firstBin = run.Steps.Tail is { } tail ? Sums(tail.Counts) : [];
    }

    /// <summary>The tokens that a branch has from the runs that it leaves.</summary>
    public static IEnumerable<int> Before(SharedDemo demo, DemoRun run) =>
        run.Parent is { } name && demo.Runs.FirstOrDefault(other => other.Id == name) is { } parent
            ? [.. Before(demo, parent).Concat(parent.Steps.Ids).Take(run.Position ?? 0)]
            : [];

    /// <summary>What settings would have done at each step.</summary>
    public ImmutableArray<DemoOutcome> Compare(SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var outcomes = ImmutableArray.CreateBuilder<DemoOutcome>(_run.Steps.Count);
        for (var index = 0; index < _run.Steps.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            outcomes.Add(Evaluate(index, options));
        }

        return outcomes.MoveToImmutable();
    }

    /// <summary>What settings would have done at a step; candidates are in the order of the demo's.</summary>
    public DemoOutcome Evaluate(int index, SamplingOptions options)
    {
        if (LogitsOf(index) is not { } logits)
            return new DemoOutcome { Unknown = DemoUnknown.NoLogits };
        var hasHistory = _run.Masked is null;
        var history = hasHistory ? _history.AsSpan(0, _before + index) : [];
        var context = new SamplingContext(history, hasHistory ? _prompt : 0, _run.Request.Seed ?? 0, _run.Steps.Positions[index]);
        return _sampler.Run(logits, options, context, _run.Steps.DrawnAt[index], hasHistory);
    }

    /// <summary>What the demo knows of a step's logits; null where they were left out.</summary>
    public DemoLogits? LogitsOf(int index)
    {
        var steps = _run.Steps;
        if (steps.Tail is not { } tail || _model is null)
            return null;
        var (first, count) = (_firstCandidate[index], steps.Candidates.Counts[index]);
        var gaps = new int[count];
        for (var i = 0; i < count; i++)
            gaps[i] = (i > 0 ? gaps[i - 1] : 0) + steps.Candidates.Gaps[first + i];
        var bins = Enumerable.Range(_firstBin[index], tail.Counts[index]);
        return new DemoLogits
        {
            Ids = [.. Enumerable.Range(first, count).Select(entry => _model.TokenIds[steps.Candidates.Tokens[entry]])],
            Gaps = [.. gaps],
            Ordered = steps.Ranks[index] > count ? count - 1 : count,
            Top = steps.TopLogits[index],
            Tail = [.. bins.Select(bin => new DemoTailBin(tail.Bins[bin], tail.Means[bin]))],
            Depth = tail.Depths[index],
            RuledOut = tail.RuledOut[index],
            VocabularySize = _model.VocabularySize,
        };
    }

    private static int[] Sums(ImmutableArray<int> counts)
    {
        var sums = new int[counts.Length];
        for (var i = 1; i < sums.Length; i++)
            sums[i] = sums[i - 1] + counts[i - 1];
        return sums;
    }
}
