using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Inspection;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Making;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.State;

/// <content>The comparison that the page shows, and what is asked of it.</content>
internal sealed partial class ComparePage
{
    private const int Draws = 10_000;

    private readonly ThrottledSubscription<ComparisonDetail> _subscription;
    private string _tabId = "";
    private Comparison? _comparison;

    /// <summary>The address of the comparison that is shown; null where it is not known.</summary>
    private RunAddress? _made;

    /// <summary>The address that was opened, as long as its comparison has not been made: the next one takes what it says was drawn.</summary>
    private RunAddress? _asked;
    private readonly LatestTurn _starts = new();
    private readonly LatestTurn _questions = new();
    private readonly ComparisonSpeech _speech;

    /// <summary>The comparison as it was last shown, or null before the first one.</summary>
    internal JobSnapshot<ComparisonDetail>? Snapshot { get; private set; }

    /// <summary>The index of the selected token, the same in all columns.</summary>
    internal int Token { get; private set; }

    /// <summary>How far each column is from the first at the selected token; empty before it was asked.</summary>
    internal ImmutableArray<ColumnDistance?> Distances { get; private set; } = [];

    /// <summary>Each column's draws laid over the theory; empty before they were asked for.</summary>
    internal ImmutableArray<EmpiricalCheck?> Checks { get; private set; } = [];

    /// <summary>What a screen reader is to say.</summary>
    internal string Spoken => _speech.Text;

    /// <summary>Whether the address that was opened is that of a comparison that has not been made yet.</summary>
    internal bool HasAsked => _asked is not null;

    /// <summary>The seed that nobody chose: that of the address that was opened, else that of the comparison that is shown; null before there is one.</summary>
    internal ulong? DrawnSeed => _asked is { } asked ? asked.Drawn.Seed : Snapshot?.Detail.Seed;

    internal bool IsRunning => Snapshot?.IsActive ?? false;

    /// <summary>The columns as they were last shown, one for each choice.</summary>
    internal ImmutableArray<ColumnDetail> Columned => [.. Choices.Select((_, index) => ColumnOf(index) ?? new ColumnDetail())];

    internal bool HasParted => Snapshot?.Detail.Columns.Any(column => column.Difference is not null) ?? false;

    /// <summary>The selected token of the selected column, if that column's settings are those of its run.</summary>
    internal TokenStep? StepInUse =>
        !IsStale(Column) && ColumnOf(Column) is { } column && Token < column.Steps.Count ? column.Steps[Token] : null;

    internal string StatusText => Snapshot switch
    {
        null => _thread.Words["CompareReady"],
        { Status: JobStatus.Queued } queued => Show.Queue(queued.QueuePosition),
        { Status: JobStatus.LoadingModel } => _thread.Words["LoadingModels"],
        { Status: JobStatus.ReadingPrompt } reading => _thread.Words["ReadingPromptShare", Show.Percent(reading.Progress)],
        { Status: JobStatus.Failed } => _thread.Words["FailedAbove"],
        { Detail: var run } => _thread.Words["CompareDone", Tokens(run.Columns.Select(column => column.Steps.Count).DefaultIfEmpty().Max()), Parting(run), run.Seed],
    };

    internal string SharedText => Snapshot?.Detail is { ForwardPasses: { Alone: > 0 } passes }
        ? _thread.Words["SharedPasses", Show.Count(passes.Made), Show.Count(passes.Alone)]
        : "";

    /// <summary>What a column has generated, or null before it has.</summary>
    internal ColumnDetail? ColumnOf(int index) => Snapshot?.Detail is { } run && index < run.Columns.Length ? run.Columns[index] : null;

    /// <summary>Whether a column's tokens belong to other settings, another model or another prompt than those shown.</summary>
    internal bool IsStale(int index) => Snapshot is not null
        && (HasAsked || ColumnOf(index) is not { } column || column.Request.Prompt != PromptText || column.Request.Model != Choices[index].Entry?.Id
            || (column.Sampling is { } sampling && !sampling.Equals(Choices[index].Options)));

    /// <summary>Whether there is a finished comparison to share.</summary>
    internal bool CanShare => !IsRunning && (Snapshot?.Detail.Columns.Any(column => column.Steps.Count > 0) ?? false);

    /// <summary>What is on the page, as a demo.</summary>
    /// <param name="maker">Makes it.</param>
    /// <param name="words">What its author says of it.</param>
    /// <param name="cancellationToken">Stops a model that must run again for logits that were let go.</param>
    internal Task<SharedDemo> MakeDemoAsync(DemoMaker maker, DemoWords words, CancellationToken cancellationToken) =>
        maker.MakeAsync(_comparison!.Job.Snapshot.Detail, _comparison.Review, words, cancellationToken: cancellationToken);

    internal void Stop() => _comparison?.Job.Cancel();

    internal async Task GenerateAsync()
    {
        var turn = _starts.Begin();
        await _boxes.Settled;
        if (turn.IsCancellationRequested || Choices[0].Entry is null)
            return;
        (Token, Distances, Checks) = (0, [], []);
        _thread.Failure = null;
        try
        {
            Take(Request with { Task = null, Defaults = Request.Defaults ?? RunRequest.DefaultsVersion });
            var decided = RunPlanner.Settle(Request.With(_asked?.Drawn ?? new RunRequest()), _time);
            _made = RunAddress.OfRun(Written(Request), decided, SeesTime);
            _asked = null;
            await _address.WriteRunAsync();
            if (turn.IsCancellationRequested)
                return;
            _speech.Begin();
            _comparison = _runs.StartComparison(_tabId, Complete.With(decided.Only(RunPlanner.Decided)));
            _subscription.Attach(_comparison.Job);
        }
        catch (Exception error)
        {
            await _thread.FailAsync(error);
        }
    }

    internal Task SelectTokenAsync(int column, int index)
    {
        (_column, Token, Checks) = (column, Math.Max(0, index), []);
        return AskAsync();
    }

    /// <summary>Draws each column's selected token many times.</summary>
    internal async Task CheckAsync()
    {
        if (_comparison is not { } comparison || Snapshot is not { Detail: var run })
            return;
        var token = Token;
        var checks = ImmutableArray.CreateBuilder<EmpiricalCheck?>();
        for (var column = 0; column < run.Columns.Length; column++)
            checks.Add(token < run.Columns[column].Steps.Count ? await comparison.Review.CheckAsync(column, token, Draws) : null);
        if (comparison == _comparison && token == Token)
            Checks = checks.ToImmutable();
    }

    /// <summary>What the page's address says: a draft, unless it is what the comparison that is shown was started with.</summary>
    private RunAddress Address => _asked is { } asked ? asked with { Request = Written(Request) }
        : _made is { } made && made.Request.Equals(Written(Request)) ? made
        : new RunAddress(Written(Request));

    /// <summary>Whether the time may stand in what a model reads.</summary>
    private bool SeesTime => Choices.Any(choice => choice.IsChat);

    private string Tokens(int count) => _thread.Words.Plural("Tokens", count, Show.Count(count));

    private string Parting(ComparisonDetail run) =>
        run.Columns.Min(column => column.Difference) is { } first ? _thread.Words["FirstDifference", Show.Count(first + 1)] : _thread.Words["AllAgree"];

    /// <summary>The request with all that the page shows written out.</summary>
    private RunRequest Complete => Request with
    {
        Prompt = PromptText,
        Task = null,
        Columns = [.. Choices.Select(choice => choice.Complete.Only(CompareSettings.OfColumn))],
    };

    /// <summary>Attaches to the comparison that this tab started before it was reloaded.</summary>
    private void FindComparison(string tabId)
    {
        _tabId = tabId;
        if (_runs.FindComparison(tabId) is not { } found || found.Job.Snapshot.Detail.Request.Prompt != PromptText)
            return;
        if (_asked?.IsDecidedAs(found.Job.Snapshot.Detail.Request) == true)
        {
            _address.MarkAsRun();
            (_made, _asked) = (_asked, null);
        }

        _comparison = found;
        _subscription.Attach(found.Job);
    }

    private Task FlushAsync(JobSnapshot<ComparisonDetail> snapshot) => _thread.InvokeAsync(async () =>
    {
        var wasRunning = IsRunning;
        Snapshot = snapshot;
        _speech.Follow(snapshot);
        if (!snapshot.IsActive)
        {
            if (wasRunning)
                Token = snapshot.Detail.Columns.Min(column => column.Difference) ?? 0;
            await AskAsync();
        }

        _thread.Render();
    });

    /// <summary>Asks how far each column's distribution of the selected token is from the first one's. The latest question wins.</summary>
    private async Task AskAsync()
    {
        var turn = _questions.Begin();
        if (_comparison is not { } comparison || Snapshot is not { IsActive: false, Detail: var run })
            return;
        try
        {
            var distances = ImmutableArray.CreateBuilder<ColumnDistance?>();
            for (var column = 0; column < run.Columns.Length; column++)
                distances.Add(column == 0 ? null : await comparison.Review.DistanceAsync(0, column, Token, turn));
            turn.ThrowIfCancellationRequested();
            Distances = distances.ToImmutable();
            _thread.Render();
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested)
        {
            // Another token was selected.
        }
        catch (Exception error)
        {
            await _thread.FailAsync(error);
        }
    }
}
