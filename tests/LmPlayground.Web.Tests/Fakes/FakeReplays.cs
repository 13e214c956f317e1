using LmPlayground.Runs.Jobs;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Replaying;
using LmPlayground.Web.Sharing;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>Remembers which demos pages ran again.</summary>
internal sealed class FakeReplays : IReplayManager
{
    public List<(string Id, int Rows)> Started { get; } = [];

    /// <summary>A replay that any page finds.</summary>
    public FakeJob<ReplayDetail>? Found { get; set; }

    public FakeJob<ReplayDetail> Last { get; private set; } = null!;

    public IJob<ReplayDetail>? Find(string pageId) => Found;

    public IJob<ReplayDetail> Start(string pageId, string id, SharedDemo demo, int rows)
    {
        Started.Add((id, rows));
        return Last = Of(id, rows, demo.Runs.Sum(run => run.Steps.Count));
    }

    internal static FakeJob<ReplayDetail> Of(string id, int rows, int total) => new(new ReplayDetail { DemoId = id, Rows = rows, Total = total });
}

/// <summary>Demos in memory.</summary>
internal sealed class FakeOpener : IDemoOpener
{
    public Dictionary<string, OpenedDemo> Demos { get; } = [];

    public Task<OpenedDemo> OpenAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(Demos.GetValueOrDefault(id) ?? new OpenedDemo(404) { Sentence = "There is none." });
}
