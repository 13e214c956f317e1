using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.State;

/// <summary>What a screen reader is to say of a run: its sentences as they come, every few seconds, and its end; not every token.</summary>
/// <param name="time">The clock.</param>
/// <param name="words">What the page says.</param>
internal sealed class Speech(TimeProvider time, PageWords words)
{
    private const string SentenceEnds = ".!?…。！？\n";

    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(4);

    private long _spokenAt;
    private int _said;

    /// <summary>What is to be said now.</summary>
    internal string Text { get; private set; } = "";

    /// <summary>Begins with a run, some of whose tokens have been said with the one that it goes on from.</summary>
    internal void Begin(int said) => (_said, _spokenAt) = (said, 0);

    /// <summary>The run has got so far.</summary>
    internal void Follow(JobSnapshot<RunDetail> run)
    {
        if (run.IsActive && _spokenAt != 0 && time.GetElapsedTime(_spokenAt) < BetweenWords)
            return;

        // Every run is the first in the queue for a moment: a place is worth saying where others are before it.
        if (run is { Status: JobStatus.Queued, QueuePosition: <= 1 })
            return;
        _spokenAt = run.IsActive ? time.GetTimestamp() : 0;
        var steps = run.Detail.Steps;
        var isMasked = run.Detail.Masked is not null;
        var count = isMasked ? MaskedWords.Of(run.Detail, words) : words.Plural("Tokens", steps.Count, Show.Count(steps.Count));
        Text = run.Status switch
        {
            JobStatus.Queued => Show.Queue(run.QueuePosition),
            JobStatus.LoadingModel => words["SayLoading"],
            JobStatus.ReadingPrompt => words["SayReading"],
            JobStatus.Working when isMasked => count,
            JobStatus.Working => Take(run.Detail, WholeSentences(run.Detail)) is { Length: > 0 } sentences ? sentences : count,
            JobStatus.Failed => words["SayFailed", run.Error is { } error ? words.Of(error) : ""],
            _ when isMasked => words["SayFinishedMasked", count],
            _ => Take(run.Detail, steps.Count) is { Length: > 0 } rest ? words["SayFinishedText", count, rest] : words["SayFinished", count],
        };
    }

    private int WholeSentences(RunDetail run)
    {
        var end = run.Steps.Count;
        while (end > _said && !(run.Steps[end - 1].Text.TrimEnd(' ') is { Length: > 0 } text && SentenceEnds.Contains(text[^1], StringComparison.Ordinal)))
            end--;
        return end;
    }

    private string Take(RunDetail run, int end)
    {
        var text = string.Concat(run.Steps.Skip(_said).Take(end - _said).Select(step => step.Text)).Trim();
        _said = Math.Max(_said, end);
        return text;
    }
}
