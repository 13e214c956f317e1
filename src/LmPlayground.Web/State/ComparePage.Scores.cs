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

    private ImmutableArray<ModelScore> _scores = [];

    /// <summary>The scores so far, in the order of the models' first columns; none once texts or models are others than those that were scored.</summary>
    internal ImmutableArray<ModelScore> Scores => _scored is { } scored && IsScoredAlike(scored, Complete) ? _scores : [];

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
        _scores = [];
        Notice(_thread.Words["AddressOfScores"]);
    }

    /// <summary>A score depends on the texts and the models, and not on how tokens are sampled.</summary>
    private static bool IsScoredAlike(RunRequest one, RunRequest other) =>
        one.Prompt == other.Prompt && one.Continuation == other.Continuation
        && one.Columns.Select(column => column.Model).Distinct().SequenceEqual(other.Columns.Select(column => column.Model).Distinct());

    internal void StopScoring() => _scoring?.Cancel();

    private Task ShowScoresAsync(JobSnapshot<ScoringDetail> snapshot) => _thread.InvokeAsync(() =>
    {
        _scores = snapshot.Detail.Scores;
        _thread.Failure = snapshot.Error is { } failed ? _thread.Words.Of(failed) : _thread.Failure;
        _thread.Render();
        return Task.CompletedTask;
    });
}
