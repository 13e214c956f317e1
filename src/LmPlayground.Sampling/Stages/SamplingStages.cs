using System.Collections.Immutable;

namespace LmPlayground.Sampling.Stages;

/// <summary>Every stage there is.</summary>
public static class SamplingStages
{
    /// <summary>One line for each stage.</summary>
    public static readonly ImmutableArray<SamplingStage> All =
    [
        new TemperatureStage(),
        new TopKStage(),
        new TopPStage(),
    ];

    /// <summary>Every parameter of every stage.</summary>
    public static readonly ImmutableArray<StageParameter> Parameters = [.. All.SelectMany(stage => stage.Parameters)];

    /// <summary>The stage of that name, or null.</summary>
    public static SamplingStage? Find(string name) => All.FirstOrDefault(stage => stage.Name == name);
}
