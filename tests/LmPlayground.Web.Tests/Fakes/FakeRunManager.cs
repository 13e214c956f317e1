using LmPlayground.Generation.Scoring;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;
using LmPlayground.Tokenizers;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>A run that a page has started.</summary>
/// <param name="PageId">The page.</param>
/// <param name="Request">What it asked for.</param>
/// <param name="Sampling">The strategy that its model makes of that.</param>
/// <param name="Continued">The run that it goes on from.</param>
internal sealed record StartedRun(string PageId, RunRequest Request, SamplingOptions Sampling, Run? Continued);

/// <summary>Remembers what pages asked for.</summary>
internal sealed class FakeRunManager(IModelList models) : IRunManager
{
    public List<StartedRun> Started { get; } = [];

    public Dictionary<string, FakeRun> Kept { get; } = [];

    /// <summary>What to throw instead of starting a run.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>A run that any page finds.</summary>
    public FakeRun? Found { get; set; }

    public FakeRun Last { get; private set; } = null!;

    public FakeComparisons Comparisons { get; } = new();

    public Run? FindRun(string pageId) => (Found ?? Kept.GetValueOrDefault(pageId))?.Run;

    public Run StartRun(string pageId, RunRequest request, Run? continued = null)
    {
        if (Refusal is not null)
            throw Refusal;
        var sampling = StrategyOf(request);
        Started.Add(new StartedRun(pageId, request, sampling, continued));
        Last = Kept[pageId] = new FakeRun(request, sampling);
        if (continued is not null)
            Last.Add([.. continued.Job.Snapshot.Detail.Steps]);
        return Last.Run;
    }

    public Comparison? FindComparison(string pageId) => Comparisons.Found?.Comparison;

    public Comparison StartComparison(string pageId, RunRequest request)
    {
        Comparisons.Started.Add(request);
        return (Comparisons.Last = new FakeComparison(request, StrategyOf)).Comparison;
    }

    private SamplingOptions StrategyOf(RunRequest request)
    {
        var entry = models.Entries.FirstOrDefault(entry => entry.Id == request.Model);
        return request.Sampling(ModelDefaults.Sampling(entry?.Card, request.Defaults, entry?.MaskToken is not null));
    }

    public List<string> Left { get; } = [];

    public void Leave(string pageId) => Left.Add(pageId);

    public IJob<ScoringDetail> StartScoring(string pageId, RunRequest request)
    {
        string[] asked = [.. request.Columns.Select(column => column.Model!).Distinct()];
        Comparisons.Scored.Add((string.Join(',', asked), request.Prompt!, request.Continuation!));
        var job = new FakeJob<ScoringDetail>(new ScoringDetail
        {
            Request = request,
            Scores = [.. asked.Select(id => new ModelScore(id, id == "lstm" ? null : FakeComparisons.Score, id == "lstm" ? Message.Of("test", $"It cannot.") : null))],
        });
        job.ChangeJob(snapshot => snapshot with { Status = JobStatus.Finished });
        return job;
    }
}

/// <summary>Remembers what a page asked to compare.</summary>
internal sealed class FakeComparisons
{
    public static ContinuationScore Score { get; } = new()
    {
        Text = " there",
        FromPrompt = 0,
        ContextTokens = 5,
        Tokens = [new ScoredToken(1, " there", 0, 6, 3, 2)],
        TotalBits = 3,
        Characters = 6,
    };

    public List<RunRequest> Started { get; } = [];

    public List<(string Models, string Prompt, string Continuation)> Scored { get; } = [];

    /// <summary>A comparison that any page finds.</summary>
    public FakeComparison? Found { get; set; }

    public FakeComparison Last { get; set; } = null!;
}

/// <summary>Remembers which models a page asked for, and has none.</summary>
internal sealed class FakeModelLoader : IModelLoader
{
    public List<string> Asked { get; } = [];

    public Task<ModelLease> AcquireAsync(string idOrDirectory, CancellationToken cancellationToken = default)
    {
        Asked.Add(idOrDirectory);
        return Task.FromException<ModelLease>(new ModelLoadException(idOrDirectory, "nothing is loaded here."));
    }

    /// <summary>Whether models let go of their memory.</summary>
    public bool Unloads { get; set; }

    public bool Unload(string id) => Unloads;
}

/// <summary>A list of models that a test changes.</summary>
internal sealed class FakeModelList : IModelList
{
    private readonly List<Action> _subscribers = [];

    public IReadOnlyList<ModelEntry> Entries { get; private set; } = [];

    public IReadOnlyList<string> Problems { get; set; } = [];

    public int Refreshes { get; private set; }

    public int Subscribers => _subscribers.Count;

    public Task RefreshAsync()
    {
        Refreshes++;
        return Task.CompletedTask;
    }

    public void Set(params ModelEntry[] entries)
    {
        Entries = entries;
        foreach (var changed in _subscribers.ToArray())
            changed();
    }

    public IDisposable Subscribe(Action changed)
    {
        _subscribers.Add(changed);
        return new Subscription(() => _subscribers.Remove(changed));
    }
}
