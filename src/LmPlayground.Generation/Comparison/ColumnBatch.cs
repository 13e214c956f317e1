using System.Runtime.ExceptionServices;
using LmPlayground.Models;

namespace LmPlayground.Generation.Comparison;

/// <summary>
/// The groups of one model whose sequences have the same length: once there are two of them they run as rows of one batch, where that gives the
/// bits of lone runs.
/// </summary>
internal sealed class ColumnBatch(ComparisonRun run, ILanguageModel model) : IDisposable
{
    private IDecoderBatch? _rows;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Whether groups that part become rows, and need no sessions.</summary>
    internal bool IsUsable => model is IBatchingModel { BatchesKeepBits: true };

    /// <summary>Whether the groups are rows now.</summary>
    internal bool IsRunning => _rows is not null || _failure is not null;

    /// <summary>Reads the last token of each group, if they are rows or are two or more that can be.</summary>
    /// <param name="groups">The groups of this batch that have read their prompts and have columns left.</param>
    /// <param name="cancellationToken">Stops inside the model.</param>
    internal void Read(IReadOnlyList<ColumnGroup> groups, CancellationToken cancellationToken)
    {
        if (_failure is not null || groups.Count == 0 || (_rows is null && groups.Count == 1))
            return;
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (!IsUsable)
                return;
            if (_rows is null)
                _rows = Start(groups);
            else
                Select([.. groups.Select(group => group.Row)]);
            for (var row = 0; row < groups.Count; row++)
                groups[row].Row = row;
            _rows.Forward([.. groups.Select(group => group.Columns[0].LastId)], cancellationToken);
            run.ForwardPasses += groups.Count;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Every group meets it where it asks for its logits.
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    /// <summary>The logits after the group in a row.</summary>
    internal ReadOnlySpan<float> LogitsOf(int row)
    {
        _failure?.Throw();
        return _rows!.LogitsOf(row);
    }

    public void Dispose() => _rows?.Dispose();

    private IDecoderBatch Start(IReadOnlyList<ColumnGroup> groups)
    {
        var sessions = new Dictionary<ColumnGroup, IDecoderSession>();
        try
        {
            foreach (var origin in groups.Select(group => group.Origin).Distinct())
                sessions.Add(origin, origin.ForkPrompt());
            return ((IBatchingModel)model).StartBatch([.. groups.Select(group => sessions[group.Origin])]);
        }
        finally
        {
            foreach (var session in sessions.Values)
                session.Dispose();
        }
    }

    private void Select(int[] rows)
    {
        if (!rows.AsSpan().SequenceEqual(Enumerable.Range(0, _rows!.Count).ToArray()))
            _rows.Select(rows);
    }
}
