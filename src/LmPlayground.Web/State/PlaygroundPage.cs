using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.State;

/// <summary>The playground without its pixels: what was chosen, the run, the selected token, and what other settings would have done.</summary>
/// <remarks>Everything is called on the page's own thread; what comes from elsewhere is brought there first.</remarks>
internal sealed partial class PlaygroundPage : IDisposable
{
    private readonly IRunManager _runs;
    private readonly IModelList _models;
    private readonly TimeProvider _time;
    private readonly PageThread _thread;
    private readonly PageAddress<RunAddress> _address;
    private readonly PageBoxes _boxes = new();
    private IDisposable? _modelsWatch;

    internal PlaygroundPage(
        IRunManager runs, IModelList models, ITokenizerList tokenizers, NavigationManager navigation, TimeProvider time, PageThread thread)
    {
        (_runs, _models, _time, _thread) = (runs, models, time, thread);
        _address = new PageAddress<RunAddress>(navigation, time, RunPages.Playground, _boxes, Notice, thread);
        _subscription = new ThrottledSubscription<RunDetail>(time, thread.Presence, FlushAsync, thread.FailAsync);
        _speech = new Speech(time, thread.Words);
        _whatIf = new WhatIf(time, PublishAsync, thread.FailAsync);
        Counter = new PromptCounter(tokenizers, thread.FailAsync);
        var address = _address.Read();
        _asked = address.HasDrawn ? address : null;
        Choice = Choose(address.Request);
        if (Choice.Request.Model is { } id && models.Entries.Count > 0 && models.Entries.All(entry => entry.Id != id))
            Notices.Add(thread.Words["ModelNotHere", id, Choice.Entry?.Name ?? thread.Words["NoModel"]]);
        Prompt.Shows(Choice.Prompt);
        Source.Shows(Choice.Source);
    }

    /// <summary>What was chosen, the model, and what follows from the two.</summary>
    internal ModelChoice Choice { get; private set; }

    /// <summary>How many tokens the text has that the next run would read.</summary>
    internal PromptCounter Counter { get; }

    /// <summary>Whether the length of the text is news: no run has read it, or the one that did could not.</summary>
    internal bool IsLengthNews => Snapshot is not { Status: not JobStatus.Failed } run || _asked is not null || !IsOf(run.Detail.Request);

    /// <summary>What the page has to say.</summary>
    internal NoticeList Notices { get; } = new();

    /// <summary>The prompt and its box.</summary>
    internal ShownText Prompt => _boxes[RunSettings.Prompt.Name];

    /// <summary>The source text and its box.</summary>
    internal ShownText Source => _boxes[RunSettings.Source.Name];

    /// <summary>Whether browser and server are connected: before, clicks and typing would be lost.</summary>
    internal bool IsReady { get; private set; }

    /// <summary>Examples, as long as there is neither a text nor a run.</summary>
    internal IReadOnlyList<string> Examples =>
        (Choice.Source ?? Choice.Prompt).Length > 0 || (Steps.Count > 0 && !IsStale) ? [] : Choice.Examples;

    /// <summary>Whether nothing was written, asked for by the address or run yet: what whoever comes for the first time finds.</summary>
    internal bool IsUntouched => Snapshot is null && _asked is null && Choice is { IsMasked: false, ReadsSource: false }
        && Choice.Request is { Prompt: null, Source: null, PromptIds.Count: 0, Defaults: null };

    /// <summary>What is wrong, or null.</summary>
    internal string? Error => _thread.Failure ?? (Snapshot?.Error is { } failed ? _thread.Words.Of(failed) : null) ?? Choice.Entry switch
    {
        null => _thread.Words["NoModels"],
        { State: ModelState.Failed, Error: var error } => error,
        _ => null,
    };

    /// <summary>Connects the page: texts that the tab keeps, the run that it started before a reload, and all that changes from now on.</summary>
    /// <param name="tabId">The tab's own unguessable id.</param>
    internal async Task ConnectAsync(string tabId)
    {
        _address.Follow(() => Address, (address, isRun) => _thread.Post(() => ReturnAsync(address, isRun)));
        _modelsWatch = _models.Subscribe(() => _thread.Post(ModelsChangedAsync));
        await ShowAsync((await _address.RecallAsync(new RunAddress(Choice.Request))).Request);
        await FindRunAsync(tabId);
        IsReady = true;
        _thread.Render();
    }

    /// <summary>Takes another choice.</summary>
    internal async Task ChangeAsync(RunRequest request)
    {
        Choice = Choose(request);
        _thread.Render();
        _address.Edited();
        _thread.Post(CountAsync);
        await AskWhatIfAsync();
    }

    internal async Task PickModelAsync(string id)
    {
        _thread.Failure = null;
        var before = Choice.Entry;
        await ChangeAsync(Choice.Request with { Model = id, Task = null });
        if (IsRunning && Choice.Entry?.Id != before?.Id)
            Notice(_thread.Words["ModelFromNextRun", before?.Name ?? "", Choice.Entry?.Name ?? ""]);
        await ShowTextsAsync();
    }

    internal async Task PickExampleAsync(string text)
    {
        await ChangeAsync(Choice.ReadsSource ? Choice.Request with { Source = text } : Choice.Request with { Prompt = text });
        await ShowTextsAsync();
    }

    internal Task PromptEditedAsync(string text)
    {
        Prompt.Shows(text);
        return text == Choice.Prompt ? Task.CompletedTask : EditedAsync(Choice.Request with { Prompt = text });
    }

    internal Task SourceEditedAsync(string text)
    {
        Source.Shows(text);
        return text == Choice.Source ? Task.CompletedTask : EditedAsync(Choice.Request with { Source = text });
    }

    /// <summary>Says something to the reader.</summary>
    internal void Notice(string notice)
    {
        Notices.Add(notice);
        if (IsReady)
            _thread.Render();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _address.Dispose();
        _modelsWatch?.Dispose();
        Counter.Dispose();
        _whatIf.Dispose();
        _subscription.Dispose();
    }

    private ModelChoice Choose(RunRequest request) => ModelChoice.Of(request, _models.Entries);

    private Task EditedAsync(RunRequest request)
    {
        _thread.Failure = null;
        return ChangeAsync(request);
    }

    /// <summary>The reader has gone back or forward.</summary>
    private async Task ReturnAsync(RunAddress address, bool isRun)
    {
        await ShowAsync(address.Request);
        address = await _address.RecallAsync(address);
        _asked = address.Equals(_made) || !(isRun || address.HasDrawn) ? null : address;
        if (isRun && _asked is not null)
            Notice(_thread.Words[IsScore ? "ScoreMadeAgain" : "MadeAgain", Maker]);
        await ShowAsync(address.Request);
        await AskWhatIfAsync();
    }

    private Task ShowAsync(RunRequest request)
    {
        Choice = Choose(request);
        _thread.Render();
        _thread.Post(CountAsync);
        return ShowTextsAsync();
    }

    private Task CountAsync() => Counter.AskAsync(Choice);

    private Task ModelsChangedAsync() => ShowAsync(Choice.Request);

    private async Task ShowTextsAsync()
    {
        await Prompt.ShowAsync(Choice.Prompt);
        await Source.ShowAsync(Choice.Source);
    }
}
