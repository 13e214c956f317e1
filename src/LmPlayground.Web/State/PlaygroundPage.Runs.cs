using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Making;

namespace LmPlayground.Web.State;

/// <content>The run that the page shows.</content>
internal sealed partial class PlaygroundPage
{
    /// <summary>While tokens come, the new ones are asked about together.</summary>
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<string> _tabId = new();
    private readonly ThrottledSubscription<RunDetail> _subscription;
    private readonly LatestTurn _starts = new();
    private readonly Speech _speech;
    private Run? _run;

    /// <summary>The address of the run that is shown; null where it is not known.</summary>
    private RunAddress? _made;

    /// <summary>The address that was opened, as long as its run has not been made: what it says was drawn is what the next run takes.</summary>
    private RunAddress? _asked;

    /// <summary>The run as it was last shown, or null before the first one.</summary>
    internal JobSnapshot<RunDetail>? Snapshot { get; private set; }

    /// <summary>What a screen reader is to say.</summary>
    internal string Spoken => _speech.Text;

    internal ImmutableList<TokenStep> Steps => Snapshot?.Detail.Steps ?? [];

    internal bool IsRunning => Snapshot?.IsActive ?? false;

    /// <summary>Whether the tokens belong to another prompt, model or run than those shown.</summary>
    internal bool IsStale => Snapshot is { } run && Steps.Count > 0 && (_asked is not null || !IsOf(run.Detail.Request));

    /// <summary>Whether the address that was opened is that of a run that has not been made yet.</summary>
    internal bool HasAsked => _asked is not null;

    /// <summary>The seed that nobody chose: that of the address that was opened, else that of the run that is shown; null before there is one.</summary>
    internal ulong? DrawnSeed => _asked is { } asked ? asked.Drawn.Seed : Snapshot?.Detail.Seed;

    /// <summary>What the page's address says: a draft, unless it is what the run that is shown was started with.</summary>
    private RunAddress Address => _asked is { } asked ? asked with { Request = Choice.Request }
        : _made is { } made && made.Request.Equals(Choice.Request) ? made
        : new RunAddress(Choice.Request);

    /// <summary>Whether there is finished work to share.</summary>
    internal bool CanShare => !IsRunning && Steps.Count > 0 && Snapshot is { Status: JobStatus.Finished };

    /// <summary>What is on the page, as a demo.</summary>
    /// <param name="maker">Makes it.</param>
    /// <param name="words">What its author says of it.</param>
    /// <param name="cancellationToken">Stops a model that must run again for logits that were let go.</param>
    internal Task<SharedDemo> MakeDemoAsync(DemoMaker maker, DemoWords words, CancellationToken cancellationToken) =>
        maker.MakeAsync(_run!.Job.Snapshot.Detail, _run.Review, words, cancellationToken: cancellationToken);

    internal bool CanContinue => !IsRunning && Steps.Count > 0 && !IsStale && !Choice.Request.Search.IsSearch;

    internal Task GenerateAsync() => StartAsync(UsualTask, request => request);

    /// <summary>Hides each token of the text in turn and asks for it.</summary>
    internal Task ScoreAsync() => StartAsync(RunTask.Score, request => request);

    /// <summary>One token more.</summary>
    internal Task NextAsync() => StartAsync(
        null, request => request with { Stopping = request.Stopping with { MaxNewTokens = 1 } }, CanContinue ? _run : null);

    internal Task ContinueAsync() => StartAsync(null, request => request, _run);

    internal void Stop() => _run?.Job.Cancel();

    /// <summary>Whether the time may stand in what the model reads: the model's chat template sees it.</summary>
    private bool SeesTime => Choice.IsChat;

    /// <summary>Whether a run is one of the text that the page shows, whatever its settings.</summary>
    private bool IsOf(RunRequest request) => RunPlanner.AreOfOneText(request with { Task = null }, Choice.Complete with { Task = null });

    /// <summary>What the main button does with the text: what the model is made for, unless the address says in which of two ways masks are filled.</summary>
    private RunTask? UsualTask => Choice.IsMasked && Choice.Request.Task is RunTask.Fill or RunTask.Predict ? Choice.Request.Task : null;

    /// <summary>The button that makes the run of the address.</summary>
    private string Maker => _thread.Words[!Choice.IsMasked ? "Generate" : IsScore ? "Score" : "Fill"];

    /// <summary>Whether the address asks for a score.</summary>
    private bool IsScore => Choice.IsMasked && Choice.Request.Task == RunTask.Score;

    /// <summary>Starts a run.</summary>
    /// <param name="task">What is done with the text, or null for what the model is made for: the address of the run says it.</param>
    /// <param name="asking">What is asked for besides what was chosen.</param>
    /// <param name="continued">The run to go on from, or null.</param>
    private async Task StartAsync(RunTask? task, Func<RunRequest, RunRequest> asking, Run? continued = null)
    {
        var turn = _starts.Begin();
        await _boxes.Settled;
        if (Choice.Entry is null)
            return;
        var tabId = await _tabId.Task;
        if (turn.IsCancellationRequested)
            return;
        _selected = null;
        _thread.Failure = null;
        try
        {
            Choice = Choose(Settled(Choice.Request with { Task = task }));
            var decided = continued?.Job.Snapshot.Detail.Request ?? RunPlanner.Settle(Choice.Request.With(_asked?.Drawn ?? new RunRequest()), _time);
            _made = RunAddress.OfRun(Choice.Request, decided, SeesTime);
            _asked = null;
            await _address.WriteRunAsync();
            if (turn.IsCancellationRequested)
                return;

            // An edit that the browser had announced is in the choice by now.
            var request = asking(Choice.Complete).With(decided.Only(RunPlanner.Decided));
            _speech.Begin(continued?.Job.Snapshot.Detail.Steps.Count ?? 0);
            Follow(_runs.StartRun(tabId, request, continued));
        }
        catch (Exception error)
        {
            await _thread.FailAsync(error);
        }
    }

    /// <summary>
    /// A request that means the same later on: with the version of the defaults, and with the texts that are shown where the model's own examples are
    /// not known yet, since they would take their place once it is loaded.
    /// </summary>
    private RunRequest Settled(RunRequest request)
    {
        request = request with { Defaults = request.Defaults ?? RunRequest.DefaultsVersion };
        return Choice.Entry?.Card is null ? request with { Prompt = Choice.Prompt, Source = Choice.Source } : request;
    }

    /// <summary>Attaches to the run that this tab started before it was reloaded.</summary>
    private async Task FindRunAsync(string tabId)
    {
        if (_runs.FindRun(tabId) is { } run && IsOf(run.Job.Snapshot.Detail.Request) && run.Job.Snapshot.Detail.Request.Task == Choice.Request.Task)
        {
            // The address is what the run was started with: an edit makes an entry of its own, as it did before the reload.
            var request = run.Job.Snapshot.Detail.Request;
            if (run.Job.Snapshot.Detail.Sampling?.Equals(Choice.Options) == true && (_asked ?? new RunAddress(Choice.Request)).IsDecidedAs(request))
            {
                _address.MarkAsRun();
                _made = RunAddress.OfRun(Choice.Request, request, SeesTime);
                _asked = null;
            }

            Follow(run);
            await AskWhatIfAsync();
        }

        if (IsScore && (_run is null || _asked is not null))
            Notice(_thread.Words["AddressOfScore"]);
        _tabId.TrySetResult(tabId);
    }

    private void Follow(Run run)
    {
        _run = run;
        _subscription.Attach(run.Job);
    }

    private Task FlushAsync(JobSnapshot<RunDetail> snapshot) => _thread.InvokeAsync(async () =>
    {
        Snapshot = snapshot;
        _speech.Follow(snapshot);
        _thread.Render();
        if (!snapshot.IsActive)
            await AskWhatIfAsync();
        else if (_time.GetElapsedTime(_whatIfAskedAt) >= BetweenQuestions)
            _thread.Post(AskWhatIfAsync);
    });
}
