namespace LmPlayground.Sampling.Stages;

/// <summary>Which stages do not run because another one takes their place.</summary>
internal static class StageReplacement
{
    /// <summary>
    /// The stage that takes the place of <paramref name="stage"/>, or null. The first adaptive stage of the order takes that of
    /// truncation and of other adaptive ones; a dynamic temperature takes that of the fixed one, greedy decoding apart.
    /// </summary>
    internal static SamplingStage? Of(SamplingStage stage, SamplingOptions options) => stage.Group switch
    {
        StageGroup.Truncation or StageGroup.Adaptive => Other(stage, options, other => other.Group == StageGroup.Adaptive),
        StageGroup.Temperature when stage is TemperatureStage && options.Temperature > 0 => Other(stage, options, other => other is DynamicTemperatureStage),
        _ => null,
    };

    private static SamplingStage? Other(SamplingStage stage, SamplingOptions options, Func<SamplingStage, bool> isCandidate)
    {
        var first = options.Order.Stages
            .Select(SamplingStages.Find)
            .FirstOrDefault(other => other is not null && isCandidate(other) && other.IsOn(options));
        return first == stage ? null : first;
    }
}
