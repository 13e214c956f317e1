using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Inspection;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;

namespace LmPlayground.Web.Runs.Comparisons;

/// <summary>One comparison: its columns, and the logits behind them.</summary>
internal sealed class ComparisonJob(ComparisonSnapshot snapshot, IModelLoader models, TimeProvider time) : Job<ComparisonSnapshot>(snapshot, time), IComparison
{
    private volatile ComparisonRun? _run;

    /// <summary>What computes; null until the models are there.</summary>
    internal ComparisonRun? Run
    {
        get => _run;
        set => _run = value;
    }

    /// <inheritdoc/>
    public async Task<ColumnDistance?> DistanceAsync(int left, int right, int index, CancellationToken cancellationToken = default)
    {
        if (Run is not { } run)
            return null;
        using var leftLease = await AcquireAsync(run, left, cancellationToken);
        using var rightLease = await AcquireAsync(run, right, cancellationToken);
        return await Task.Run(
            () => run.Distance(Review(run, left, leftLease), left, Review(run, right, rightLease), right, index, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<EmpiricalCheck> CheckAsync(int column, int index, int draws, CancellationToken cancellationToken = default)
    {
        var run = Run ?? throw new InvalidOperationException("There is no token yet.");
        using var lease = await AcquireAsync(run, column, cancellationToken);
        return await Task.Run(() => Review(run, column, lease).Check(index, draws, cancellationToken: cancellationToken), cancellationToken);
    }

    /// <summary>Lets the logits go; asked for again, they are computed again.</summary>
    public override void Dispose()
    {
        Run?.Dispose();
        base.Dispose();
    }

    /// <summary>A column's model, which may have been unloaded since the comparison ended.</summary>
    private Task<ModelLease> AcquireAsync(ComparisonRun run, int column, CancellationToken cancellationToken) =>
        models.AcquireUnchangedAsync(run.Columns[column].Request.Model.Card, cancellationToken);

    private static RunReview Review(ComparisonRun run, int column, ModelLease lease) => new(run.Review(column), lease.Model.AsLanguageModel());
}
