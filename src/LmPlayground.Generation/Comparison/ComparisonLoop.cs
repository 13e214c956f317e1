using LmPlayground.Generation.Engine;
using LmPlayground.Models;

namespace LmPlayground.Generation.Comparison;

/// <summary>The state of a comparison between two rounds: the groups of columns that still agree.</summary>
internal sealed class ComparisonLoop : IStepLoop<ComparisonRound>
{
    private readonly ComparisonRun _run;
    private readonly List<RunningColumn> _columns = [];
    private readonly List<ColumnGroup> _prompts = [];
    private readonly Dictionary<(ILanguageModel Model, int Length), ColumnBatch> _batches = [];
    private readonly List<ColumnGroup> _live;
    private int _round;

    internal ComparisonLoop(ComparisonRun run)
    {
        _run = run;
        foreach (var column in run.Columns)
            Begin(column);

        // The same tokens in other pieces may give other bits: what was prompt and what is continued is part of being the same.
        foreach (var columns in _columns.GroupBy(running => running.Column.Request, SamePrompt.Comparer))
            Open([.. columns]);
        _live = [.. _prompts];
    }

    /// <inheritdoc/>
    public ComparisonRound? Next(CancellationToken cancellationToken)
    {
        if (_live.Count == 0)
            return null;
        var steps = new TokenStep?[_run.Columns.Length];
        foreach (var batch in _batches.Values)
            batch.Read(_live.FindAll(group => group.Batch == batch && group.HasRead), cancellationToken);
        foreach (var group in _live)
            group.Advance(steps, ReportProgress, cancellationToken);
        _run.PromptProgress = 1;
        foreach (var group in _live.ToList())
            _live.AddRange(group.Part());
        foreach (var ended in _live.FindAll(group => group.Columns.Count == 0))
        {
            _live.Remove(ended);
            if (!_prompts.Contains(ended))
                ended.Dispose();
        }

        return Array.TrueForAll(steps, step => step is null) ? null : new ComparisonRound(_round++, [.. steps]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var running in _columns)
            running.End();
        foreach (var group in _live.Union(_prompts))
            group.Dispose();
        foreach (var batch in _batches.Values)
            batch.Dispose();
    }

    private void Begin(ComparisonColumn column)
    {
        try
        {
            _columns.Add(new RunningColumn(column, new GenerationState(column.Request, _run.Engine.Time)));
        }
        catch (Exception exception)
        {
            column.Error = exception;
        }
    }

    private void Open(List<RunningColumn> columns)
    {
        try
        {
            // All columns read a token a round: what has the same length now has it for ever.
            var request = columns[0].Column.Request;
            var key = (request.Model, request.PromptIds.Length + request.ContinuedIds.Length);
            if (!_batches.TryGetValue(key, out var batch))
                _batches.Add(key, batch = new ColumnBatch(_run, request.Model));
            _prompts.Add(new ColumnGroup(_run, columns, batch));
        }
        catch (Exception exception)
        {
            columns.ForEach(running => running.Column.Error = exception);
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
