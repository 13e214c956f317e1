using System.Collections.Immutable;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Inspection;

namespace LmPlayground.Web.Runs.Comparisons;

/// <summary>Owns the comparisons of all pages, which share the queue of the runs. Thread-safe.</summary>
public interface IComparisonManager
{
    /// <summary>The latest comparison of a page, or null.</summary>
    IComparison? Find(string pageId);

    /// <summary>Cancels the page's earlier comparison and queues this one.</summary>
    IComparison Start(string pageId, CompareRequest request);

    /// <summary>How each of several models finds the same continuation of a prompt. Waits in the queue of the runs; a model that cannot score it says why.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InvalidOperationException">The queue is full; the message is for people.</exception>
    Task<ImmutableArray<ModelScore>> ScoreAsync(IReadOnlyList<string> modelIds, string prompt, string continuation, CancellationToken cancellationToken = default);
}

/// <summary>One comparison. Thread-safe.</summary>
public interface IComparison : IJob<ComparisonSnapshot>
{
    /// <summary>How far the distributions of two columns are apart at a step; null where they cannot be compared.</summary>
    Task<ColumnDistance?> DistanceAsync(int left, int right, int index, CancellationToken cancellationToken = default);

    /// <summary>Draws a column's token of a step many times and lays the counts over the theory.</summary>
    Task<EmpiricalCheck> CheckAsync(int column, int index, int draws, CancellationToken cancellationToken = default);
}
