using LmPlayground.Generation.Comparison;

namespace LmPlayground.Web.Runs.Comparisons;

/// <summary>One comparison: its columns, and the logits behind them.</summary>
internal sealed class ComparisonJob(ComparisonSnapshot snapshot, TimeProvider time) : Job<ComparisonSnapshot>(snapshot, time), IComparison
{
    private volatile ComparisonRun? _run;

    /// <summary>What computes; null until the models are there.</summary>
    internal ComparisonRun? Run
    {
        get => _run;
        set => _run = value;
    }

    /// <inheritdoc/>
    public Task<ColumnDistance?> DistanceAsync(int left, int right, int index, CancellationToken cancellationToken = default) =>
        Run is { } run ? Task.Run(() => run.Distance(left, right, index, cancellationToken), cancellationToken) : Task.FromResult<ColumnDistance?>(null);

    /// <inheritdoc/>
    public Task<EmpiricalCheck> CheckAsync(int column, int index, int draws, CancellationToken cancellationToken = default) => Run is { } run
        ? Task.Run(() => run.Review(column).Check(index, draws, cancellationToken: cancellationToken), cancellationToken)
        : throw new InvalidOperationException("There is no token yet.");

    /// <summary>Lets the logits go; asked for again, they are computed again.</summary>
    public override void Dispose()
    {
        Run?.Dispose();
        base.Dispose();
    }
}
