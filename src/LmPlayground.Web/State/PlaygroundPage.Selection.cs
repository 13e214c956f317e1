using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.State;

/// <content>The selected token, and what the settings in use would have done to the run.</content>
internal sealed partial class PlaygroundPage
{
    /// <summary>A token below this probability is an uncertain one.</summary>
    private const double Uncertain = 0.3;

    private readonly WhatIf _whatIf;
    private WhatIfResult? _answer;
    private int? _selected;
    private long _whatIfAskedAt;

    /// <summary>The selected token's index; without a choice the last one, so that the panels follow a run; -1 without tokens.</summary>
    internal int Selected => Steps.Count == 0 ? -1 : Math.Min(_selected ?? int.MaxValue, Steps.Count - 1);

    /// <summary>Whether the panels follow the newest token of a run that goes on.</summary>
    internal bool IsFollowing => IsRunning && _selected is null;

    /// <summary>What the settings in use would have done to each token whose logits are kept; empty where they are the run's own.</summary>
    internal ImmutableArray<StepOutcome> Outcomes => Answer?.Outcomes ?? [];

    /// <summary>Whether <see cref="StepInUse"/> is what the settings in use would have made of the token.</summary>
    internal bool IsWhatIf => Answer is { Inspected: not null } answer && answer.Index == Selected;

    /// <summary>The selected step as the settings in use sample it.</summary>
    internal TokenStep? StepInUse => Selected < 0 ? null : IsWhatIf ? Answer!.Inspected : Steps[Selected];

    internal double TemperatureInUse => IsWhatIf ? Choice.Options.Temperature : Snapshot?.Detail.Sampling?.Temperature ?? 1;

    internal string? SelectedRemovedBy => Outcomes.OfStep(Selected)?.RemovedBy;

    /// <summary>What the settings in use would have done, in a sentence, or null.</summary>
    internal string? WhatIfSentence
    {
        get
        {
            if (Answer is not { } answer)
                return null;
            var (removed, redrawn) = (answer.RemovedCount, answer.RedrawnCount(Steps));
            if (answer.Outcomes.IsEmpty)
                return _thread.Words["WhatIfUnknown"];
            var all = _thread.Words.Plural(
                answer.Outcomes.Length < answer.StepCount ? "TokensKept" : "Tokens", answer.Outcomes.Length, Show.Count(answer.Outcomes.Length));
            return (removed, redrawn) switch
            {
                (0, 0) => _thread.Words["WhatIfSame", all],
                (_, 0) => _thread.Words["WhatIfRemoved", Show.Count(removed), all],
                (0, _) => _thread.Words["WhatIfRedrawn", Show.Count(redrawn), all],
                _ => _thread.Words["WhatIfBoth", Show.Count(removed), all, Show.Count(redrawn)],
            };
        }
    }

    private WhatIfResult? Answer => _answer is { } answer && answer.Run == _run && answer.Options.Equals(Choice.Options) ? answer : null;

    internal Task MoveAsync(int index)
    {
        _selected = Math.Clamp(index, 0, Math.Max(Steps.Count - 1, 0));
        _thread.Render();
        return AskWhatIfAsync();
    }

    internal Task NextUncertainAsync()
    {
        for (var i = 1; i <= Steps.Count; i++)
        {
            var index = (Selected + i) % Steps.Count;
            if (Steps[index].Probability < Uncertain)
                return MoveAsync(index);
        }

        return Task.CompletedTask;
    }

    /// <summary>Asks only where the settings differ from those of the run, and of the run's own model.</summary>
    private Task AskWhatIfAsync()
    {
        if (_run is null || Snapshot?.Detail is not { Sampling: { } sampling } run || Steps.Count == 0)
            return Task.CompletedTask;
        _whatIfAskedAt = _time.GetTimestamp();
        var options = run.Request.Model == Choice.Entry?.Id && !sampling.Equals(Choice.Options) ? Choice.Options : null;
        return _whatIf.AskAsync(_run, options, Selected);
    }

    private Task PublishAsync(WhatIfResult? result) => _thread.InvokeAsync(() =>
    {
        _answer = result;
        _thread.Render();
        return Task.CompletedTask;
    });
}
