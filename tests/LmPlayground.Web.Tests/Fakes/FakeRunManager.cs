using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Web.Runs;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>Remembers what a page asked for.</summary>
internal sealed class FakeRunManager : IRunManager
{
    public List<(string PageId, RunRequest Request, IRun? Continued)> Started { get; } = [];

    public Dictionary<string, FakeRun> Kept { get; } = [];

    /// <summary>What to throw instead of starting a run.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>A run that any page finds.</summary>
    public FakeRun? Found { get; set; }

    public FakeRun Last { get; private set; } = null!;

    public IRun? Find(string pageId) => Found ?? Kept.GetValueOrDefault(pageId);

    public IRun Start(string pageId, RunRequest request, IRun? continued = null)
    {
        if (Refusal is not null)
            throw Refusal;
        Started.Add((pageId, request, continued));
        Last = Kept[pageId] = new FakeRun(request);
        if (continued is not null)
            Last.Add([.. continued.Snapshot.Steps]);
        return Last;
    }
}

/// <summary>Remembers which models a page asked for, and has none.</summary>
internal sealed class FakeModelLoader : IModelLoader
{
    public List<string> Asked { get; } = [];

    public Task<ModelLease> AcquireAsync(string id, CancellationToken cancellationToken)
    {
        Asked.Add(id);
        return Task.FromException<ModelLease>(new ModelLoadException(id, "nothing is loaded here."));
    }

    public bool Unload(string id) => false;
}

/// <summary>A list of models that a test changes.</summary>
internal sealed class FakeModelList : IModelList
{
    private readonly List<Action> _subscribers = [];

    public IReadOnlyList<ModelEntry> Entries { get; private set; } = [];

    public int Subscribers => _subscribers.Count;

    public void Set(params ModelEntry[] entries)
    {
        Entries = entries;
        foreach (var changed in _subscribers.ToArray())
            changed();
    }

    public IDisposable Subscribe(Action changed)
    {
        _subscribers.Add(changed);
        return new FakeRun.Subscription(() => _subscribers.Remove(changed));
    }
}
