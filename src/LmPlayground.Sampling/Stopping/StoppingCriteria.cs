using System.Collections.Immutable;

namespace LmPlayground.Sampling.Stopping;

/// <summary>
/// The criteria of one run: what the <see cref="StoppingRules"/> that its options turn on make, in their order. Where several hold at one
/// token the first one is the reason.
/// </summary>
/// <remarks>Built once for a run, whose tokens it follows; nothing is allocated for a token. Not thread-safe.</remarks>
public sealed class StoppingCriteria
{
    private readonly ImmutableArray<(IStoppingCriterion Criterion, bool Waits)> _criteria;
    private readonly int _least;
    private IStoppingCriterion? _held;

    /// <summary>The criteria that <paramref name="options"/> ask for. The time budget begins now.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="endOfSequenceIds">The model's end-of-sequence tokens.</param>
    /// <param name="contextLength">The most tokens that the model's context holds, or null.</param>
    /// <param name="time">The clock of the time budget.</param>
    /// <param name="leastNewTokens">How many new tokens must come before a rule that <see cref="StoppingRule.WaitsForMinimum"/> may end the run.</param>
    public StoppingCriteria(
        StoppingOptions options, ImmutableArray<int> endOfSequenceIds, int? contextLength, TimeProvider? time = null, int leastNewTokens = 0)
    {
        _least = leastNewTokens;
        var environment = new StoppingEnvironment(endOfSequenceIds, contextLength, time ?? TimeProvider.System);
        _criteria = [.. StoppingRules.All.Where(rule => rule.IsOn(options)).Select(rule => (rule.Build(options, environment), rule.WaitsForMinimum))];
    }

    private StoppingCriteria(StoppingCriteria other)
    {
        _least = other._least;
        _criteria = [.. other._criteria.Select(one => (one.Criterion.Fork(), one.Waits))];
    }

    /// <summary>
    /// Reads the output that a run continues, so that it ends where it would have had it gone on: repetitions and streaks reach back into
    /// it. The prompt is none of it: what someone typed is no loop of the model's.
    /// </summary>
    /// <param name="ids">The continued tokens.</param>
    /// <param name="confidences">How sure the model was of the last of them; a token of which that is not known ends a streak.</param>
    public void Continue(ReadOnlySpan<int> ids, ReadOnlySpan<TokenConfidence> confidences)
    {
        var unknown = ids.Length - confidences.Length;
        if (unknown < 0)
            throw new ArgumentException($"There are {confidences.Length} confidences for {ids.Length} continued tokens.");
        for (var i = 0; i < ids.Length; i++)
            Observe(new StoppingContext(ids[i], 0, 0, false, i < unknown ? TokenConfidence.Certain : confidences[i - unknown]));
    }

    /// <summary>Takes note of one more token; returns the first reason that now holds, or null.</summary>
    public FinishReason? Check(in StoppingContext context)
    {
        Observe(context);
        foreach (var (criterion, waits) in _criteria)
        {
            if ((waits && context.NewTokens < _least) || criterion.Check(context) is not { } reason)
                continue;
            _held = criterion;
            return reason;
        }

        return null;
    }

    /// <summary>Where and why the run ended, after <see cref="Check"/> gave a reason.</summary>
    /// <param name="reason">That reason.</param>
    /// <param name="position">The place of the last token, from 0 at the first one of the prompt.</param>
    /// <param name="text">What looked for the stop strings.</param>
    public StopPoint Describe(FinishReason reason, int position, StopStringMatcher text)
    {
        var point = new StopPoint(reason, position) { TextOffset = text.CutOffset, StopString = text.Match };
        return _held?.Describe(point) ?? point;
    }

    /// <summary>The criteria for another sequence with the same past; the time budget goes on.</summary>
    public StoppingCriteria Fork() => new(this);

    private void Observe(in StoppingContext context)
    {
        foreach (var (criterion, _) in _criteria)
            criterion.Observe(context);
    }
}
