using LmPlayground.Generation.PrefixCache;

namespace LmPlayground.Generation.Comparison;

/// <summary>The state of a comparison between two rounds: the groups of columns that still agree.</summary>
internal sealed class ComparisonLoop : IDisposable
{
    private readonly ComparisonRun _run;
    private readonly List<ColumnStrand> _strands = [];
    private readonly List<ColumnGroup> _prompts = [];
    private readonly List<ColumnGroup> _live;
    private int _round;

    internal ComparisonLoop(ComparisonRun run, SequenceCache cache, GenerationOptions options, TimeProvider time)
    {
        _run = run;
        foreach (var column in run.Columns)
            Begin(column, time);

        // The same tokens in other pieces may give other bits: what was prompt and what is continued is part of being the same.
        foreach (var strands in _strands.GroupBy(strand => strand.Column.Request, SamePrompt.Comparer))
            Open([.. strands], cache, options.PromptChunk);
        _live = [.. _prompts];
    }

    /// <summary>Makes one step of every column that has not ended; the first one reads the prompts. Null where there is none.</summary>
    internal ComparisonRound? Next(CancellationToken cancellationToken)
    {
        if (_live.Count == 0)
            return null;
        var steps = new TokenStep?[_run.Columns.Length];
        foreach (var group in _live)
            group.Advance(steps, ReportProgress, cancellationToken);
        _run.PromptProgress = 1;
        foreach (var group in _live.ToList())
            _live.AddRange(group.Part());
        foreach (var ended in _live.FindAll(group => group.Strands.Count == 0))
        {
            _live.Remove(ended);
            if (!_prompts.Contains(ended))
                ended.Dispose();
        }

        return Array.TrueForAll(steps, step => step is null) ? null : new ComparisonRound(_round++, [.. steps]);
    }

    public void Dispose()
    {
        foreach (var strand in _strands)
            strand.End();
        foreach (var group in _live.Union(_prompts))
            group.Dispose();
    }

    private void Begin(ComparisonColumn column, TimeProvider time)
    {
        try
        {
            _strands.Add(new ColumnStrand(column, new StepSampler(column.Request, time)));
        }
        catch (Exception exception)
        {
            column.Error = exception;
        }
    }

    private void Open(List<ColumnStrand> strands, SequenceCache cache, int promptChunk)
    {
        try
        {
            _prompts.Add(new ColumnGroup(_run, strands, cache, promptChunk));
        }
        catch (Exception exception)
        {
            strands.ForEach(strand => strand.Column.Error = exception);
        }
    }

    private void ReportProgress() => _run.PromptProgress = _prompts.Average(group => group.PromptShare);

    /// <summary>Requests that read the same tokens in the same pieces in the same model.</summary>
    private sealed class SamePrompt : IEqualityComparer<GenerationRequest>
    {
        internal static readonly SamePrompt Comparer = new();

        public bool Equals(GenerationRequest? x, GenerationRequest? y) =>
            x is not null && y is not null && ReferenceEquals(x.Model, y.Model)
            && x.PromptIds.AsSpan().SequenceEqual(y.PromptIds.AsSpan())
            && x.ContinuedIds.AsSpan().SequenceEqual(y.ContinuedIds.AsSpan());

        public int GetHashCode(GenerationRequest request) =>
            HashCode.Combine(request.Model, request.PromptIds.Length, request.ContinuedIds.Length, request.PromptIds.LastOrDefault());
    }
}
