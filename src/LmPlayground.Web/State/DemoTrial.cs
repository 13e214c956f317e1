using System.Collections.Immutable;
using System.Diagnostics;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Web.State;

/// <summary>Other settings on a run of a demo, as far as they have been worked out. Immutable.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Marks">What they would have done to each token.</param>
/// <param name="Index">The selected token.</param>
/// <param name="Selected">What they would have done there; null until it is worked out.</param>
/// <param name="IsWorking">Whether more is being worked out.</param>
internal sealed record TrialResult(SamplingOptions Options, ImmutableArray<DemoMark> Marks, int Index, DemoOutcome? Selected, bool IsWorking)
{
    /// <summary>How many tokens are worked out.</summary>
    internal int Done => Marks.Count(mark => mark != DemoMark.NotYet);

    /// <summary>How many tokens have one of these marks.</summary>
    internal int Count(params ReadOnlySpan<DemoMark> marks)
    {
        var count = 0;
        foreach (var mark in Marks)
            count += marks.Contains(mark) ? 1 : 0;
        return count;
    }
}

/// <summary>
/// Asks a demo what other settings would have done, without its model. The latest question wins, and its selected token comes first.
/// </summary>
/// <remarks>
/// A stranger's document decides how long a token takes: up to two million logits. So the work is done in slices, away from the page's thread, in
/// turns that all pages share, and a question ends after <see cref="MostTime"/> of it: a token that is selected later is worked out alone.
/// </remarks>
internal sealed class DemoTrial : IDisposable
{
    /// <summary>The most time of a processor that one question takes.</summary>
    internal static readonly TimeSpan MostTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);

    /// <summary>Half of the processors: the others are left to models and pages.</summary>
    private static readonly SemaphoreSlim Turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly LatestTurn _turns = new();
    private readonly Func<TrialResult, Task> _publish;
    private readonly Func<Exception, Task> _failed;
    private readonly Func<int, TokenStep> _step;
    private readonly DemoReview _review;
    private readonly int _count;
    private readonly TimeSpan _mostTime;
    private TrialResult? _last;
    private TimeSpan _spent;
    private Task _work = Task.CompletedTask;

    /// <summary>A trial of a run.</summary>
    /// <param name="demo">The demo.</param>
    /// <param name="run">The run.</param>
    /// <param name="count">How many of its tokens are asked for.</param>
    /// <param name="publish">Takes each result, the last of a question with nothing more to come.</param>
    /// <param name="failed">Takes what is thrown.</param>
    /// <param name="mostTime">See <see cref="MostTime"/>.</param>
    internal DemoTrial(
        SharedDemo demo, DemoRun run, int count, Func<TrialResult, Task> publish, Func<Exception, Task> failed, TimeSpan? mostTime = null)
    {
        (_publish, _failed, _count, _mostTime) = (publish, failed, count, mostTime ?? MostTime);
        _review = new DemoReview(demo, run);
        _step = index => DemoTokens.At(demo, run, index);
    }

    /// <summary>Asks; the question before is answered no further. What is known of the same settings is not worked out again.</summary>
    /// <returns>Completes when the question is answered, or another one was asked.</returns>
    internal Task AskAsync(SamplingOptions options, int index)
    {
        var turn = _turns.Begin();
        return _work = AnswerAfterAsync(_work, options, index, turn);
    }

    /// <summary>Asks no more.</summary>
    public void Dispose() => _turns.Dispose();

    /// <summary>A review has buffers: the question before must have come to rest.</summary>
    private async Task AnswerAfterAsync(Task before, SamplingOptions options, int index, CancellationToken cancellationToken)
    {
        await before;
        try
        {
            await Task.Run(() => AnswerAsync(options, index, cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A newer question is being answered, or the page is gone.
        }
        catch (Exception error)
        {
            await _failed(error);
        }
    }

    private async Task AnswerAsync(SamplingOptions options, int index, CancellationToken cancellationToken)
    {
        if (_last?.Options.Equals(options) != true)
            (_last, _spent) = (new TrialResult(options, [.. Enumerable.Repeat(DemoMark.NotYet, _count)], index, null, true), TimeSpan.Zero);
        var marks = _last!.Marks.ToArray();
        var told = Stopwatch.GetTimestamp();
        DemoOutcome? selected = null;
        if (index >= 0 && index < _count)
        {
            await InTurnAsync(() => marks[index] = (selected = _review.Evaluate(index, options)).MarkOf(_step(index)), cancellationToken);
            await TellAsync(isWorking: true);
        }

        for (var next = 0; next < _count && _spent < _mostTime;)
        {
            await InTurnAsync(() =>
            {
                for (var began = Stopwatch.GetTimestamp(); next < _count && Stopwatch.GetElapsedTime(began) < Slice; next++)
                {
                    if (marks[next] == DemoMark.NotYet)
                        marks[next] = _review.Evaluate(next, options).MarkOf(_step(next));
                }
            }, cancellationToken);
            if (Stopwatch.GetElapsedTime(told) > Pause)
                await TellAsync(isWorking: true);
        }

        await TellAsync(isWorking: false);

        Task TellAsync(bool isWorking)
        {
            cancellationToken.ThrowIfCancellationRequested();
            told = Stopwatch.GetTimestamp();
            return _publish(_last = new TrialResult(options, [.. marks], index, selected, isWorking));
        }
    }

    private async Task InTurnAsync(Action act, CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        try
        {
            act();
        }
        finally
        {
            _spent += Stopwatch.GetElapsedTime(began);
            Turns.Release();
        }
    }
}
