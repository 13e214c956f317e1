using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Masking;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Runs;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Components.Pages;

/// <content>The run that the page shows.</content>
public partial class Playground
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(4);

    /// <summary>While tokens come, the new ones are asked about together.</summary>
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<string> _pageId = new();
    private RunFeed<RunSnapshot>? _feed;
    private IRun? _run;
    private RunSnapshot? _snapshot;
    private string? _failure;
    private string _spoken = "";
    private long _spokenAt;

    private ImmutableList<TokenStep> Steps => _snapshot?.Steps ?? [];

    private bool IsRunning => _snapshot?.IsActive ?? false;

    private bool IsStale => _snapshot is { } run && Steps.Count > 0 && !IsOf(run.Request);

    private bool CanContinue => !IsRunning && Steps.Count > 0 && !IsStale && !_state.Search.IsSearch;

    private bool IsOf(RunRequest request) => request.ModelId == Entry?.Id && request.Task != RunTask.Continue == IsMasked && string.Equals(request.Prompt, PromptText, StringComparison.Ordinal)
        && (request.Chat, request.System) == (_state.Chat, _state.System)
        && string.Equals(request.Source, ReadsSource ? SourceText : null, StringComparison.Ordinal);

    private Task GenerateAsync() => StartAsync(null, _state.Stopping.MaxNewTokens);

    private Task ScoreAsync() => StartAsync(null, _state.Stopping.MaxNewTokens, RunTask.Score);

    private Task NextAsync() => StartAsync(CanContinue ? _run : null, 1);

    private Task ContinueAsync() => StartAsync(_run, _state.Stopping.MaxNewTokens);

    private void Stop() => _run?.Cancel();

    private Task RunKeyAsync(RunKeyEventArgs key)
    {
        if (key.Action == "generate" && !IsRunning)
            return GenerateAsync();
        if (key.Action == "stop")
            Stop();
        return Task.CompletedTask;
    }

    private async Task StartAsync(IRun? continued, int count, RunTask masked = RunTask.Fill)
    {
        await _prompt!.Settled;
        await (_source?.Settled ?? Task.CompletedTask);
        if (Entry is not { } model)
            return;
        var pageId = await _pageId.Task;
        _writing?.Dispose();
        // Defaults that become known while the model is loaded must not change a run that has begun.
        if (model.Card is null)
            _state = _state.Pinned(Options);
        (_selected, _failure) = (null, null);
        try
        {
            await WriteAddressAsync(Generated);
            _run = Runs.Start(pageId, new RunRequest
            {
                ModelId = model.Id,
                Prompt = PromptText,
                Source = ReadsSource ? SourceText : null,
                Chat = _state.Chat,
                System = _state.System,
                Task = IsMasked ? masked : RunTask.Continue,
                FillOrder = IsMasked ? _state.FillOrder : default,
                Sampling = Options,
                Search = _state.Search,
                Stopping = _state.Stopping with { MaxNewTokens = count },
                Seed = continued?.Snapshot.Seed ?? _state.Seed,
            }, continued);
            Follow(_run);
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
    }

    /// <summary>Attaches to the run that this tab started before it was reloaded.</summary>
    private async Task FindRunAsync()
    {
        var id = await TabId.ReadAsync(Script);
        if (Runs.Find(id) is { } run && IsOf(run.Snapshot.Request))
        {
            _run = run;
            // The address is what the run was started with: an edit makes an entry of its own, as it did before the reload.
            if (run.Snapshot.Request.Sampling.Equals(Options))
                _historyState = Generated;
            Follow(run);
            await AskWhatIfAsync();
        }

        _pageId.TrySetResult(id);
    }

    private async void Follow(IRun run)
    {
        try
        {
            await _feed!.AttachAsync(run);
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
    }

    private Task FlushAsync(RunSnapshot snapshot) => InvokeAsync(async () =>
    {
        _snapshot = snapshot;
        Speak(snapshot);
        StateHasChanged();
        if (!snapshot.IsActive)
            await AskWhatIfAsync();
        else if (Time.GetElapsedTime(_whatIfAskedAt) >= BetweenQuestions)
            _ = AskWhatIfAsync();
    });

    private Task FailAsync(Exception error) => InvokeAsync(() =>
    {
        _failure = error.Message;
        StateHasChanged();
    });

    /// <summary>A screen reader hears of a run every few seconds and at its end, not of every token.</summary>
    private void Speak(RunSnapshot run)
    {
        if (run.IsActive && _spokenAt != 0 && Time.GetElapsedTime(_spokenAt) < BetweenWords)
            return;
        _spokenAt = run.IsActive ? Time.GetTimestamp() : 0;
        _spoken = run.Status switch
        {
            RunStatus.Queued => $"{Show.Ordinal(Math.Max(run.QueuePosition, 1))} in the queue",
            RunStatus.LoadingModel => "Loading the model",
            RunStatus.ReadingPrompt => "Reading the prompt",
            RunStatus.Generating => $"{Show.Count(run.Steps.Count)} tokens",
            RunStatus.Failed => $"Failed: {run.Error}",
            _ => $"Finished with {Show.Count(run.Steps.Count)} tokens: {string.Concat(run.Steps.Select(step => step.Text))}",
        };
    }
}
