namespace LmPlayground.Generation.Comparison;

/// <summary>A column while it runs: what samples for it.</summary>
internal sealed class ColumnStrand(ComparisonColumn column, StepSampler sampler)
{
    internal ComparisonColumn Column { get; } = column;

    internal int LastId => sampler.LastId;

    /// <summary>How many tokens of the prompt were in the prefix cache.</summary>
    internal int CachedTokens { get; set; }

    /// <summary>Makes the column's next step of the logits that its group has read.</summary>
    /// <returns>The step, or null where the column fails.</returns>
    internal TokenStep? Next(ReadOnlySpan<float> logits)
    {
        try
        {
            var step = sampler.Next(logits);
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
            Column.Summary = sampler.Summarize(CachedTokens);
    }
}
