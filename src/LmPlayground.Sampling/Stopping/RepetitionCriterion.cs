namespace LmPlayground.Sampling.Stopping;

/// <summary>
/// Ends a run whose last tokens are one pattern of 1 to n tokens, m times in a row. The shortest such pattern is the one that is reported.
/// </summary>
/// <remarks>
/// The tokens end with m copies of a pattern of p tokens exactly when each of the last p(m-1) equals the one p before it. So one count for
/// each p, of how many tokens in a row did, decides it: n comparisons a token, whatever m and however long the output.
/// </remarks>
internal sealed class RepetitionCriterion : IStoppingCriterion
{
    private readonly int _minCount;
    private readonly int[] _recent;
    private readonly int[] _equal;
    private long _seen;
    private int _pattern;

    /// <summary>A criterion that has seen nothing.</summary>
    /// <param name="maxPatternSize">n, the greatest length of a pattern: 1 or more.</param>
    /// <param name="minCount">m, how many copies end the run: 2 or more.</param>
    internal RepetitionCriterion(int maxPatternSize, int minCount)
    {
        _minCount = minCount;
        _recent = new int[maxPatternSize];
        _equal = new int[maxPatternSize];
    }

    private RepetitionCriterion(RepetitionCriterion other)
    {
        _minCount = other._minCount;
        _recent = [.. other._recent];
        _equal = [.. other._equal];
        _seen = other._seen;
        _pattern = other._pattern;
    }

    public void Observe(in StoppingContext context)
    {
        _pattern = 0;
        var known = (int)Math.Min(_seen, _recent.Length);
        var place = (int)(_seen % _recent.Length);
        for (var (size, at) = (1, place); size <= known; size++)
        {
            at = at == 0 ? _recent.Length - 1 : at - 1;
            var equal = _recent[at] == context.TokenId ? _equal[size - 1] + 1 : 0;
            _equal[size - 1] = equal;
            if (_pattern == 0 && equal >= (long)size * (_minCount - 1))
                _pattern = size;
        }

        _recent[place] = context.TokenId;
        _seen++;
    }

    public FinishReason? Check(in StoppingContext context) => _pattern > 0 ? FinishReason.Repetition : null;

    public StopPoint Describe(StopPoint point) => point with { PatternSize = _pattern, Count = _minCount };

    public IStoppingCriterion Fork() => new RepetitionCriterion(this);
}
