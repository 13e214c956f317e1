using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Metrics;
using LmPlayground.Runs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>A comparison that a test drives.</summary>
internal sealed class FakeComparison(RunRequest request, Func<RunRequest, SamplingOptions> strategy) : FakeJob<ComparisonDetail>(new ComparisonDetail
{
    Request = request with { Seed = request.Seed ?? 1204 },
    Columns = [.. request.Columns.Select(column => new ColumnDetail
    {
        Request = request.Without(RunSettings.Columns).With(column),
        Sampling = strategy(column),
    })],
}), IComparisonReview
{
    public List<(int Left, int Right, int Index)> Asked { get; } = [];

    public Comparison Comparison => new(this, this);

    public Task<ColumnDistance?> DistanceAsync(int left, int right, int index, CancellationToken cancellationToken = default)
    {
        Asked.Add((left, right, index));
        var distance = new DistributionDistance(double.PositiveInfinity, 0.5, 0.25, 0.125);
        return System.Threading.Tasks.Task.FromResult<ColumnDistance?>(
            new ColumnDistance(left, right, index) { HaveSameTokensBefore = true, Model = default, Sampled = distance });
    }

    public Task<EmpiricalCheck> CheckAsync(int column, int index, int draws, CancellationToken cancellationToken = default) =>
        System.Threading.Tasks.Task.FromResult(new EmpiricalCheck { Draws = draws, Cells = [], Rest = default, Test = new ChiSquareTest(12.3, 11, 0.34) });

    public Task<float[]> LogitsAsync(int column, int index, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
