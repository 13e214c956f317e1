using System.Collections.Immutable;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.State;

/// <summary>The compare page without its pixels: two to eight strategies or models on the same prompt and the same dice.</summary>
/// <remarks>Everything is called on the page's own thread; what comes from elsewhere is brought there first.</remarks>
internal sealed partial class ComparePage : IDisposable
{
    /// <summary>The most columns of the page.</summary>
    internal const int MostColumns = 8;

    /// <summary>The fewest columns that there is something to compare in.</summary>
    internal const int LeastColumns = 2;

    /// <summary>What a new page shows: the model's own settings beside a warmer strategy.</summary>
    internal static readonly ValueList<RunRequest> UsualColumns =
        [new RunRequest(), new RunRequest().With(StageSettings.Of(TemperatureStage.Temperature), 1.4)];

    private readonly IRunManager _runs;
    private readonly IModelList _models;
    private readonly TimeProvider _time;
    private readonly PageThread _thread;
    private readonly PageAddress<RunAddress> _address;
    private readonly PageBoxes _boxes = new();
    private IDisposable? _modelsWatch;
    private int _column;

    internal ComparePage(IRunManager runs, IModelList models, NavigationManager navigation, TimeProvider time, PageThread thread)
    {
        (_runs, _models, _time, _thread) = (runs, models, time, thread);
        _address = new PageAddress<RunAddress>(navigation, time, RunPages.Compare, _boxes, Notice, thread);
        _subscription = new ThrottledSubscription<ComparisonDetail>(time, thread.Presence, FlushAsync, thread.FailAsync);
        _scoringWatch = new ThrottledSubscription<ScoringDetail>(time, thread.Presence, ShowScoresAsync, thread.FailAsync);
        _speech = new ComparisonSpeech(thread.Words);
        var address = _address.Read();
        _asked = address.HasDrawn ? address : null;
        Take(address.Request);
        Prompt.Shows(PromptText);
    }

    /// <summary>What was chosen: what all columns share, and the columns.</summary>
    internal RunRequest Request { get; private set; } = new();

    /// <summary>The columns: their choices, models and settings.</summary>
    internal ImmutableArray<ModelChoice> Choices { get; private set; } = [];

    /// <summary>What the columns are called.</summary>
    internal ImmutableArray<ImmutableArray<string>> Titles { get; private set; } = [];

    /// <summary>What the page has to say.</summary>
    internal NoticeList Notices { get; } = new();

    /// <summary>The prompt and its box.</summary>
    internal ShownText Prompt => _boxes[RunSettings.Prompt.Name];

    /// <summary>Whether browser and server are connected.</summary>
    internal bool IsReady { get; private set; }

    /// <summary>The column whose sampler is shown.</summary>
    internal int Column => Math.Min(_column, Choices.Length - 1);

    /// <summary>The prompt in use: the first column's model's example where nothing was chosen.</summary>
    internal string PromptText => Request.Prompt ?? Choices[0].Prompt;

    /// <summary>The models that can be compared.</summary>
    internal ImmutableArray<ModelEntry> UsableModels =>
        [.. _models.Entries.Where(entry => entry.State != ModelState.Failed && entry is { MaskToken: null, ReadsSource: false })];

    /// <summary>What is wrong, or null.</summary>
    internal string? Error => _thread.Failure ?? (Snapshot?.Error is { } failed ? _thread.Words.Of(failed) : null)
        ?? (Choices[0].Entry is null ? _thread.Words["NoModels"] : null);

    /// <summary>The address that shows a state of the playground beside a copy of itself.</summary>
    internal static string Beside(RunRequest request) =>
        RunPages.Compare.Path + RunQuery.Write(request.Only(RunSettings.All.Except(CompareSettings.OfColumn)) with
        {
            Task = null,
            Columns = [request.Only(CompareSettings.OfColumn), request.Only(CompareSettings.OfColumn)],
        });

    /// <summary>The address of the playground that shows one column alone.</summary>
    internal string LinkOf(int index) =>
        RunPages.Playground.Path
        + RunQuery.Write(Choices[index].Request.With(Request.Only(CompareSettings.Shared)) with { Seed = Snapshot?.Detail.Seed ?? Request.Seed });

    /// <summary>A model's name for people.</summary>
    internal string NameOf(string modelId) => _models.Entries.FirstOrDefault(entry => entry.Id == modelId)?.Name ?? modelId;

    /// <summary>Connects the page: texts that the tab keeps, the comparison that it started before a reload, and all that changes from now on.</summary>
    /// <param name="tabId">The tab's own unguessable id.</param>
    internal async Task ConnectAsync(string tabId)
    {
        _address.Follow(() => Address, (address, isRun) => _thread.Post(() => ReturnAsync(address, isRun)));
        _modelsWatch = _models.Subscribe(() => _thread.Post(() => ShowAsync(Request)));
        await ShowAsync((await _address.RecallAsync(new RunAddress(Request))).Request);
        FindComparison(tabId);
        SayThatScoresAreMadeAgain();
        IsReady = true;
        _thread.Render();
    }

    /// <summary>Takes another choice.</summary>
    internal async Task ChangeAsync(RunRequest request)
    {
        Take(request);
        _thread.Failure = null;
        _thread.Render();
        _address.Edited();
        await AskAsync();
    }

    internal Task ChangeColumnAsync(int index, RunRequest column) =>
        ChangeAsync(Request with { Columns = [.. Request.Columns.Items.SetItem(index, column)] });

    internal Task PickModelAsync(int index, string id) => ChangeColumnAsync(index, Request.Columns[index] with { Model = id });

    /// <summary>Copies the last column.</summary>
    internal Task AddAsync()
    {
        _column = Request.Columns.Count;
        return ChangeAsync(Request with { Columns = [.. Request.Columns, Request.Columns[^1]] });
    }

    internal Task RemoveAsync(int index) => ChangeAsync(Request with { Columns = [.. Request.Columns.Items.RemoveAt(index)] });

    internal void SelectColumn(int index) => _column = index;

    internal Task PromptEditedAsync(string text)
    {
        Prompt.Shows(text);
        return text == PromptText ? Task.CompletedTask : ChangeAsync(Request with { Prompt = text });
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
        _questions.Dispose();
        _scoring?.Cancel();
        _scoringWatch.Dispose();
        _subscription.Dispose();
    }

    /// <summary>What an address has of a request: the usual columns go without saying.</summary>
    private static RunRequest Written(RunRequest request) =>
        request.Columns.Equals(UsualColumns) ? request.Without(RunSettings.Columns) : request;

    private void Take(RunRequest request)
    {
        Request = request.Only(CompareSettings.Shared) with
        {
            Task = request.Task == RunTask.Score && request.Continuation is not null ? RunTask.Score : null,
            Continuation = request.Continuation,
            Columns = Columns(request.Columns),
        };
        Choices = [.. Request.Columns.Select(column => ModelChoice.Of(column, _models.Entries, request.Defaults))];
        Titles = [.. Choices.Select((choice, index) => ColumnTitle.Of(Choices[0], choice, index, _thread.Words))];
    }

    private ValueList<RunRequest> Columns(ValueList<RunRequest> given)
    {
        if (given.Count > MostColumns)
            Notices.Add(_thread.Words["ColumnsLeftOut", MostColumns, given.Count - MostColumns]);
        return given.Count switch
        {
            0 => UsualColumns,
            1 => [given[0].Only(CompareSettings.OfColumn), given[0].Only(CompareSettings.OfColumn)],
            _ => [.. given.Take(MostColumns).Select(column => column.Only(CompareSettings.OfColumn))],
        };
    }

    private async Task ReturnAsync(RunAddress address, bool isRun)
    {
        await ShowAsync(address.Request);
        address = await _address.RecallAsync(address);
        await ShowAsync(address.Request);
        address = address with { Request = Written(Request) };
        if (Request.Task == RunTask.Score)
        {
            SayThatScoresAreMadeAgain();
            return;
        }

        _asked = address.Equals(_made) || !(isRun || address.HasDrawn) ? null : address;
        if (isRun && _asked is not null)
            Notice(_thread.Words["MadeAgain", _thread.Words["Generate"]]);
        _thread.Render();
    }

    private Task ShowAsync(RunRequest request)
    {
        Take(request);
        _thread.Render();
        return Prompt.ShowAsync(PromptText);
    }
}
