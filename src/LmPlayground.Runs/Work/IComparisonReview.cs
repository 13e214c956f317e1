using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Inspection;

namespace LmPlayground.Runs.Work;

/// <summary>Looks at the columns of a comparison again, with the logits that were kept. Thread-safe.</summary>
public interface IComparisonReview
{
    /// <summary>How far the distributions of two columns are apart at a step; null where they cannot be compared.</summary>
    Task<ColumnDistance?> DistanceAsync(int left, int right, int index, CancellationToken cancellationToken = default);

    /// <summary>Draws a column's token of a step many times and lays the counts over the theory.</summary>
    Task<EmpiricalCheck> CheckAsync(int column, int index, int draws, CancellationToken cancellationToken = default);

    /// <summary>The model's logits before a step of a column, indexed by token id: the kept ones, or computed again where they were let go.</summary>
    Task<float[]> LogitsAsync(int column, int index, CancellationToken cancellationToken = default);
}
