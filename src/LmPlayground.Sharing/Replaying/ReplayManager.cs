using LmPlayground.Runs.Jobs;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Replaying;

/// <summary>Starts demos again for pages, in the turns of all that uses models. A page has one at a time. Thread-safe.</summary>
public interface IReplayManager
{
    /// <summary>The latest replay of a page, or null: reload and reconnect find it again by the page's id.</summary>
    IJob<ReplayDetail>? Find(string pageId);

    /// <summary>Cancels the page's earlier replay and queues this one.</summary>
    /// <param name="pageId">The page's own unguessable id.</param>
    /// <param name="id">The demo's id.</param>
    /// <param name="demo">The demo.</param>
    /// <param name="rows">How many sequences are read at once: see <see cref="DemoReplay.RunAsync"/>.</param>
    IJob<ReplayDetail> Start(string pageId, string id, SharedDemo demo, int rows);
}

/// <inheritdoc/>
/// <param name="jobs">Where the work is done.</param>
/// <param name="replay">What runs demos again.</param>
/// <param name="client">Whom the pages belong to: see <see cref="JobStart.Client"/>.</param>
public sealed class ReplayManager(JobManager jobs, DemoReplay replay, Func<string>? client = null) : IReplayManager
{
    private const string Slot = "replay";

    /// <inheritdoc/>
    public IJob<ReplayDetail>? Find(string pageId) => jobs.Find(new JobKey(pageId, Slot)) as IJob<ReplayDetail>;

    /// <inheritdoc/>
    public IJob<ReplayDetail> Start(string pageId, string id, SharedDemo demo, int rows) =>
        jobs.Start(new JobKey(pageId, Slot), new ReplayWork(id, demo, rows, replay), new JobStart { Lane = jobs.Models, Client = client?.Invoke() });
}
