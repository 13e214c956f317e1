using System.Collections.Immutable;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Metrics;
using LmPlayground.Generation.Scoring;
using LmPlayground.Web.Runs;
using LmPlayground.Web.Runs.Comparisons;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>Remembers what a page asked to compare.</summary>
internal sealed class FakeComparisonManager : IComparisonManager
{
    public List<CompareRequest> Started { get; } = [];

    public List<(string Models, string Prompt, string Continuation)> Scored { get; } = [];

    /// <summary>A comparison that any page finds.</summary>
    public FakeComparison? Found { get; set; }

    public FakeComparison Last { get; private set; } = null!;

    public IComparison? Find(string pageId) => Found;

    public IComparison Start(string pageId, CompareRequest request)
    {
        Started.Add(request);
        return Last = new FakeComparison(request);
    }

    public Task<ImmutableArray<ModelScore>> ScoreAsync(
        IReadOnlyList<string> modelIds, string prompt, string continuation, CancellationToken cancellationToken = default)
    {
        Scored.Add((string.Join(',', modelIds), prompt, continuation));
        return Task.FromResult<ImmutableArray<ModelScore>>([.. modelIds.Select(id => new ModelScore(id, id == "lstm" ? null : Score, id == "lstm" ? "It cannot." : null))]);
    }

    private static ContinuationScore Score { get; } = new()
    {
        Text = " there",
        FromPrompt = 0,
        ContextTokens = 5,
        Tokens = [new ScoredToken(1, " there", 0, 6, 3, 2)],
        TotalBits = 3,
        Characters = 6,
    };
}

/// <summary>A comparison that a test drives.</summary>
internal sealed class FakeComparison(CompareRequest request) : IComparison
{
    private readonly List<Action> _subscribers = [];

    public ComparisonSnapshot Snapshot { get; private set; } = new() { Request = request, Status = RunStatus.Generating, Seed = request.Seed ?? 1204 };

    public bool IsCancelled { get; private set; }

    public List<(int Left, int Right, int Index)> Asked { get; } = [];

    public void Change(Func<ComparisonSnapshot, ComparisonSnapshot> change)
    {
        Snapshot = change(Snapshot);
        foreach (var changed in _subscribers.ToArray())
            changed();
    }

    public IDisposable Subscribe(Action changed)
    {
        _subscribers.Add(changed);
        return new FakeRun.Subscription(() => _subscribers.Remove(changed));
    }

    public void Cancel() => IsCancelled = true;

    public Task<ColumnDistance?> DistanceAsync(int left, int right, int index, CancellationToken cancellationToken = default)
    {
        Asked.Add((left, right, index));
        var distance = new DistributionDistance(double.PositiveInfinity, 0.5, 0.25, 0.125);
        return Task.FromResult<ColumnDistance?>(new ColumnDistance(left, right, index) { HaveSameTokensBefore = true, Model = default, Sampled = distance });
    }

    public Task<EmpiricalCheck> CheckAsync(int column, int index, int draws, CancellationToken cancellationToken = default) =>
        Task.FromResult(new EmpiricalCheck { Draws = draws, Cells = [], Rest = default, Test = new ChiSquareTest(12.3, 11, 0.34) });
}
