using LmPlayground.Generation.Engine;

namespace LmPlayground.Generation.Comparison;

/// <summary>A column while it runs, with how far its generation has come.</summary>
internal sealed class RunningColumn(ComparisonColumn column, GenerationState state)
{
    internal ComparisonColumn Column { get; } = column;

    internal int LastId => state.LastId;

    /// <summary>How many tokens of the prompt were in the prefix cache.</summary>
    internal int CachedTokens { get; set; }

    /// <summary>Makes the column's next step of the logits that its group has read.</summary>
    /// <returns>The step, or null where the column fails.</returns>
    internal TokenStep? Next(ReadOnlySpan<float> logits)
    {
        try
        {
            var step = state.Next(logits);
            Column.Add(step);
            if (step.FinishReason is not null)
                End();
            return step;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Column.Error = exception;
            return null;
        }
    }

    /// <summary>Sums up what there is, if the column has not ended.</summary>
    internal void End()
    {
        if (!Column.HasEnded)
            Column.Summary = state.Summarize(CachedTokens);
    }
}
