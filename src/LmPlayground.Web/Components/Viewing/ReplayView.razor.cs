using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Replaying;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>Runs a demo again on this server, in its turn, and says whether it is the same.</summary>
public sealed partial class ReplayView : IDisposable
{
    private ReplayPage _page = null!;
    private DemoView _view = null!;

    /// <summary>The demo's id.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    /// <summary>The demo.</summary>
    [Parameter, EditorRequired]
    public SharedDemo Demo { get; set; } = null!;

    [Inject]
    private IReplayManager Replays { get; set; } = null!;

    [Inject]
    private IModelList Models { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private BrowserTab Tab { get; set; } = null!;

    [Inject]
    private PageWords PageWords { get; set; } = null!;

    [Inject]
    private ILogger<ReplayView> Logger { get; set; } = null!;

    /// <summary>The models of the demo that are not here, each once; those of runs that have tokens.</summary>
    private IEnumerable<DemoModel> Missing => DemoReplay.RunsOf(Demo).Select(run => Demo.Models[run.Model!.Value]).DistinctBy(model => model.Id)
        .Where(model => Models.Entries.All(entry => entry.Id != model.Id));

    private bool CanBeRow => DemoReplay.RunsOf(Demo).Any(DemoReplay.CanBeRow);

    /// <inheritdoc/>
    public void Dispose() => _page?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _view = new DemoView(Demo);
        _page = new ReplayPage(Replays, Id, Demo, Time, new PageThread(InvokeAsync, StateHasChanged, Logger, PageWords, Tab.Presence));
    }

    /// <inheritdoc/>
    protected override Task OnAfterRenderAsync(bool firstRender) =>
        firstRender && RendererInfo.IsInteractive ? Tab.ConnectAsync(_page.ConnectAsync) : Task.CompletedTask;

    private string StateOf(JobSnapshot<ReplayDetail> run) => run.Status switch
    {
        JobStatus.Queued => Show.Queue(run.QueuePosition),
        JobStatus.LoadingModel => Words["Loading"],
        _ => Words["Progress", Show.Count(run.Detail.Done), Show.Count(run.Detail.Total)],
    };

    private void RunKey(RunKeyEventArgs key)
    {
        if (key.Action == "generate" && !_page.IsRunning)
            _page.Start();
        if (key.Action == "stop")
            _page.Stop();
    }
}
