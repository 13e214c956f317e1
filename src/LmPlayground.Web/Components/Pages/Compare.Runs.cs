using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Comparison;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Runs;
using LmPlayground.Web.Runs.Comparisons;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Components.Pages;

/// <content>The comparison that the page shows, and what is asked of it.</content>
public partial class Compare
{
    private const int Draws = 10_000;

    private readonly TaskCompletionSource<string> _pageId = new();
    private RunFeed<ComparisonSnapshot>? _feed;
    private IComparison? _comparison;
    private ComparisonSnapshot? _snapshot;
    private CancellationTokenSource? _asked;
    private ImmutableArray<ColumnDistance?> _distances = [];
    private ImmutableArray<EmpiricalCheck?> _checks = [];
    private string? _failure;
    private string _spoken = "";
    private int _token;

    private bool IsRunning => _snapshot?.IsActive ?? false;

    private ImmutableArray<ColumnSnapshot> Columns =>
        [.. Enumerable.Range(0, _state.Columns.Length).Select(index => SnapshotOf(index) ?? new ColumnSnapshot())];

    private bool HasParted => _snapshot?.Columns.Any(column => column.Difference is not null) ?? false;

    /// <summary>The selected token of the selected column, if that column's settings are those of its run.</summary>
    private TokenStep? StepInUse =>
        !IsStale(Column) && SnapshotOf(Column) is { } column && _token < column.Steps.Count ? column.Steps[_token] : null;

    private string StatusText => _snapshot switch
    {
        null => "The columns get the same prompt and the same dice: what differs is the strategy's doing.",
        { Status: RunStatus.Queued } queued => $"{Show.Ordinal(Math.Max(queued.QueuePosition, 1))} in the queue",
        { Status: RunStatus.LoadingModel } => "loading the models …",
        { Status: RunStatus.ReadingPrompt } reading => $"reading the prompt, {Show.Percent(reading.PromptProgress)}",
        { Status: RunStatus.Failed } => "failed: see above",
        { } run => $"{Show.Count(run.Columns.Select(column => column.Steps.Count).DefaultIfEmpty().Max())} tokens · {Parting(run)} · seed {run.Seed}",
    };

    private string SharedText => _snapshot is { ForwardPasses: { Alone: > 0 } passes }
        ? $"{Show.Count(passes.Made)} passes through the model; one by one they would be {Show.Count(passes.Alone)}"
        : "";

    private static string Parting(ComparisonSnapshot run) =>
        run.Columns.Min(column => column.Difference) is { } first ? $"first difference at token {Show.Count(first + 1)}" : "all agree";

    private ColumnSnapshot? SnapshotOf(int index) => _snapshot is { } run && index < run.Columns.Length ? run.Columns[index] : null;

    private SamplingOptions? RunSampling(int index) =>
        _snapshot is { } run && index < run.Request.Columns.Length ? run.Request.Columns[index].Sampling : null;

    /// <summary>Whether a column's tokens belong to other settings, another model or another prompt than those shown.</summary>
    private bool IsStale(int index) =>
        _snapshot is { } run
        && (index >= run.Request.Columns.Length || run.Request.Prompt != PromptText
            || run.Request.Columns[index].ModelId != EntryOf(index)?.Id || !run.Request.Columns[index].Sampling.Equals(OptionsOf(index)));

    private Task RunKeyAsync(RunKeyEventArgs key)
    {
        if (key.Action == "generate" && !IsRunning)
            return GenerateAsync();
        if (key.Action == "stop")
            Stop();
        return Task.CompletedTask;
    }

    private void Stop() => _comparison?.Cancel();

    private async Task GenerateAsync()
    {
        await _prompt!.Settled;
        if (EntryOf(0) is null)
            return;
        var pageId = await _pageId.Task;
        _writing?.Dispose();
        (_failure, _token, _distances, _checks) = (null, 0, [], []);
        try
        {
            await WriteAddressAsync(asNewEntry: _snapshot is not null);
            _comparison = Comparisons.Start(pageId, new CompareRequest
            {
                Prompt = PromptText,
                Columns = [.. Enumerable.Range(0, _state.Columns.Length).Select(index => new CompareColumn(EntryOf(index)!.Id, OptionsOf(index)))],
                Stopping = _state.Stopping,
                Seed = _state.Seed,
            });
            Follow(_comparison);
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
    }

    /// <summary>Attaches to the comparison that this tab started before it was reloaded.</summary>
    private async Task FindAsync()
    {
        var id = await TabId.ReadAsync(Script);
        if (Comparisons.Find(id) is { } found && found.Snapshot.Request.Prompt == PromptText)
        {
            _comparison = found;
            Follow(found);
        }

        _pageId.TrySetResult(id);
    }

    private async void Follow(IComparison comparison)
    {
        try
        {
            await _feed!.AttachAsync(comparison);
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
    }

    private Task FlushAsync(ComparisonSnapshot snapshot) => InvokeAsync(async () =>
    {
        var wasRunning = IsRunning;
        _snapshot = snapshot;
        if (!snapshot.IsActive)
        {
            _spoken = StatusText;
            if (wasRunning)
                _token = snapshot.Columns.Min(column => column.Difference) ?? 0;
            await AskAsync();
        }

        StateHasChanged();
    });

    private Task SelectTokenAsync(int column, TokenSelectEventArgs select)
    {
        (_column, _token, _checks) = (column, Math.Max(0, select.Index), []);
        return AskAsync();
    }

    /// <summary>Asks how far each column's distribution of the selected token is from the first one's. The latest question wins.</summary>
    private async Task AskAsync()
    {
        _asked?.Cancel();
        if (_comparison is not { } comparison || _snapshot is not { IsActive: false } run)
            return;
        using var asked = _asked = new CancellationTokenSource();
        try
        {
            var distances = ImmutableArray.CreateBuilder<ColumnDistance?>();
            for (var column = 0; column < run.Columns.Length; column++)
                distances.Add(column == 0 ? null : await comparison.DistanceAsync(0, column, _token, asked.Token));
            _distances = distances.ToImmutable();
            StateHasChanged();
        }
        catch (OperationCanceledException) when (asked.IsCancellationRequested)
        {
            // Another token was selected.
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
        finally
        {
            Interlocked.CompareExchange(ref _asked, null, asked);
        }
    }

    private async Task CheckAsync()
    {
        if (_comparison is not { } comparison || _snapshot is not { } run)
            return;
        try
        {
            var checks = ImmutableArray.CreateBuilder<EmpiricalCheck?>();
            var token = _token;
            for (var column = 0; column < run.Columns.Length; column++)
                checks.Add(token < run.Columns[column].Steps.Count ? await comparison.CheckAsync(column, token, Draws) : null);
            if (token == _token)
                _checks = checks.ToImmutable();
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
    }

    private Task FailAsync(Exception error) => InvokeAsync(() =>
    {
        _failure = error.Message;
        StateHasChanged();
    });
}
