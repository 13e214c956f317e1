using System.Collections.Immutable;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;

namespace LmPlayground.Web.State;

/// <content>How the columns' models find a given continuation.</content>
internal sealed partial class ComparePage
{
    private readonly ThrottledSubscription<ScoringDetail> _scoringWatch;
    private IJob<ScoringDetail>? _scoring;

    /// <summary>What the scores that are shown were asked for with; null before the first.</summary>
    private RunRequest? _scored;

    /// <summary>The scores so far, in the order of the models' first columns.</summary>
    internal ImmutableArray<ModelScore> Scores { get; private set; } = [];

    internal bool IsScoring => _scoring is { IsActive: true };

    internal async Task ScoreAsync()
    {
        await _boxes.Settled;
        _thread.Failure = null;
        Take(Request with { Task = RunTask.Score, Defaults = Request.Defaults ?? RunRequest.DefaultsVersion });
        await _address.WriteRunAsync();
        _scored = Complete;
        _scoring = _runs.StartScoring(_tabId, _scored);
        _scoringWatch.Attach(_scoring);
    }

    /// <summary>The address of scores that are not here says with which button they are made.</summary>
    private void SayThatScoresAreMadeAgain()
    {
        if (Request.Task != RunTask.Score || Complete.Equals(_scored))
            return;
        Scores = [];
        Notice(_thread.Words["AddressOfScores"]);
    }

    internal void StopScoring() => _scoring?.Cancel();

    private Task ShowScoresAsync(JobSnapshot<ScoringDetail> snapshot) => _thread.InvokeAsync(() =>
    {
        Scores = snapshot.Detail.Scores;
        _thread.Failure = snapshot.Error is { } failed ? _thread.Words.Of(failed) : _thread.Failure;
        _thread.Render();
        return Task.CompletedTask;
    });
}
