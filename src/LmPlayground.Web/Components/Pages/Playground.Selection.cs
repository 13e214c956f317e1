using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.State;

namespace LmPlayground.Web.Components.Pages;

/// <content>The selected token, and what the settings in use would have done to the run.</content>
public partial class Playground
{
    private const double Uncertain = 0.3;

    private int? _selected;
    private WhatIf? _whatIfAsker;
    private WhatIfResult? _whatIf;
    private long _whatIfAskedAt;

    /// <summary>The selected token's index; without a choice the last one, so that the panels follow a run.</summary>
    private int Selected => Steps.Count == 0 ? -1 : Math.Min(_selected ?? int.MaxValue, Steps.Count - 1);

    private WhatIfResult? Answer => _whatIf is { } answer && answer.Run == _run && answer.Options.Equals(Options) ? answer : null;

    private ImmutableArray<StepOutcome> Outcomes => Answer?.Outcomes ?? [];

    private bool IsWhatIf => Answer is { Inspected: not null } answer && answer.Index == Selected;

    private TokenStep? StepInUse => Selected < 0 ? null : IsWhatIf ? Answer!.Inspected : Steps[Selected];

    private double TemperatureInUse => IsWhatIf ? Options.Temperature : _snapshot?.Request.Sampling.Temperature ?? 1;

    private string? SelectedRemovedBy => Selected >= 0 && Selected < Outcomes.Length ? Outcomes[Selected].RemovedBy : null;

    private string? WhatIfSentence
    {
        get
        {
            if (Answer is not { } answer)
                return null;
            var (removed, redrawn, count) = (answer.RemovedCount, answer.RedrawnCount(Steps), Show.Count(answer.Outcomes.Length) + (answer.Outcomes.Length == 1 ? " token" : " tokens"));
            return (removed, redrawn) switch
            {
                (0, 0) => $"These settings would have given the same {count}.",
                (_, 0) => $"These settings would have removed {Show.Count(removed)} of {count}.",
                (0, _) => $"These settings would have drawn {Show.Count(redrawn)} of {count} differently.",
                _ => $"These settings would have removed {Show.Count(removed)} of {count}; {Show.Count(redrawn)} more would be drawn differently.",
            };
        }
    }

    private Task SelectAsync(TokenSelectEventArgs select)
    {
        _tokenIsOpen |= select.Open;
        return MoveAsync(select.Index);
    }

    private Task MoveAsync(int index)
    {
        _selected = Math.Clamp(index, 0, Math.Max(Steps.Count - 1, 0));
        StateHasChanged();
        return AskWhatIfAsync();
    }

    private Task NextUncertainAsync()
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
        if (_run is null || _snapshot is not { } run || Steps.Count == 0)
            return Task.CompletedTask;
        _whatIfAskedAt = Time.GetTimestamp();
        SamplingOptions? options = run.Request.ModelId == Entry?.Id && !run.Request.Sampling.Equals(Options) ? Options : null;
        return _whatIfAsker!.AskAsync(_run, options, Selected);
    }

    private Task PublishAsync(WhatIfResult? result) => InvokeAsync(() =>
    {
        _whatIf = result;
        StateHasChanged();
    });
}
