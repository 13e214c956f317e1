using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.State;

/// <content>The run that the page shows.</content>
internal sealed partial class PlaygroundPage
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(4);

    /// <summary>While tokens come, the new ones are asked about together.</summary>
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<string> _tabId = new();
    private readonly ThrottledSubscription<RunDetail> _subscription;
    private readonly LatestTurn _starts = new();
    private Run? _run;
    private long _spokenAt;

    /// <summary>The run as it was last shown, or null before the first one.</summary>
    internal JobSnapshot<RunDetail>? Snapshot { get; private set; }

    /// <summary>What a screen reader is to say.</summary>
    internal string Spoken { get; private set; } = "";

    internal ImmutableList<TokenStep> Steps => Snapshot?.Detail.Steps ?? [];

    internal bool IsRunning => Snapshot?.IsActive ?? false;

    /// <summary>Whether the tokens belong to another prompt or model than those shown.</summary>
    internal bool IsStale => Snapshot is { } run && Steps.Count > 0 && !IsOf(run.Detail.Request);

    internal bool CanContinue => !IsRunning && Steps.Count > 0 && !IsStale && !Choice.Request.Search.IsSearch;

    internal Task GenerateAsync() => StartAsync(Choice.Complete);

    /// <summary>Hides each token of the text in turn and asks for it.</summary>
    internal Task ScoreAsync() => StartAsync(Choice.Complete with { Task = RunTask.Score });

    /// <summary>One token more.</summary>
    internal Task NextAsync() => StartAsync(
        Choice.Complete with { Stopping = Choice.Request.Stopping with { MaxNewTokens = 1 } }, CanContinue ? _run : null);

    internal Task ContinueAsync() => StartAsync(Choice.Complete, _run);

    internal void Stop() => _run?.Job.Cancel();

    /// <summary>Whether a run is one of the text that the page shows, whatever its settings.</summary>
    private bool IsOf(RunRequest request) => RunPlanner.AreOfOneText(request with { Task = null }, Choice.Complete);

    private async Task StartAsync(RunRequest request, Run? continued = null)
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
            // Defaults that become known while the model is loaded must not change a run that has begun.
            if (Choice.Entry.Card is null)
                Choice = Choose(Choice.Request.Pinned(Choice.Options));
            await _address.WriteRunAsync();
            if (turn.IsCancellationRequested)
                return;

            // An edit that the browser had announced is in the choice by now.
            request = request with { Prompt = Choice.Prompt, Source = Choice.Source };
            Follow(_runs.StartRun(tabId, request, continued));
        }
        catch (Exception error)
        {
            await _thread.FailAsync(error);
        }
    }

    /// <summary>Attaches to the run that this tab started before it was reloaded.</summary>
    private async Task FindRunAsync(string tabId)
    {
        if (_runs.FindRun(tabId) is { } run && IsOf(run.Job.Snapshot.Detail.Request))
        {
            // The address is what the run was started with: an edit makes an entry of its own, as it did before the reload.
            if (run.Job.Snapshot.Detail.Sampling?.Equals(Choice.Options) == true)
                _address.MarkAsRun();
            Follow(run);
            await AskWhatIfAsync();
        }

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
        Speak(snapshot);
        _thread.Render();
        if (!snapshot.IsActive)
            await AskWhatIfAsync();
        else if (_time.GetElapsedTime(_whatIfAskedAt) >= BetweenQuestions)
            _thread.Post(AskWhatIfAsync);
    });

    /// <summary>A screen reader hears of a run every few seconds and at its end, not of every token.</summary>
    private void Speak(JobSnapshot<RunDetail> run)
    {
        if (run.IsActive && _spokenAt != 0 && _time.GetElapsedTime(_spokenAt) < BetweenWords)
            return;
        _spokenAt = run.IsActive ? _time.GetTimestamp() : 0;
        var count = Show.Count(run.Detail.Steps.Count);
        Spoken = run.Status switch
        {
            JobStatus.Queued => $"{Show.Ordinal(Math.Max(run.QueuePosition, 1))} in the queue",
            JobStatus.LoadingModel => "Loading the model",
            JobStatus.ReadingPrompt => "Reading the prompt",
            JobStatus.Working => $"{count} tokens",
            JobStatus.Failed => $"Failed: {run.Error}",
            _ => $"Finished with {count} tokens: {string.Concat(run.Detail.Steps.Select(step => step.Text))}",
        };
    }
}
