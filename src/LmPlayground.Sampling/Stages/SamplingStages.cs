using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Every stage there is.</summary>
public static class SamplingStages
{
    /// <summary>One line for each stage, in the order in which they usually run.</summary>
    public static readonly ImmutableArray<SamplingStage> All =
    [
        new LogitBiasStage(),
        new RepetitionPenaltyStage(),
        new PresencePenaltyStage(),
        new FrequencyPenaltyStage(),
        new DryStage(),
        new NoRepeatNGramStage(),
        new BadWordsStage(),
        new AllowedWordsStage(),
        new MinNewTokensStage(),
        new TemperatureStage(),
        new DynamicTemperatureStage(),
        new TopNSigmaStage(),
        new TopKStage(),
        new TopPStage(),
        new MinPStage(),
        new TypicalPStage(),
        new TailFreeStage(),
        new EpsilonCutoffStage(),
        new EtaCutoffStage(),
        new XtcStage(),
        new MirostatStage(),
        new MirostatV2Stage(),
    ];

    /// <summary>Every number that a stage takes.</summary>
    public static readonly ImmutableArray<NumberParameter> Parameters = [.. All.SelectMany(stage => stage.Parameters)];

    /// <summary>Every list of texts that a stage takes.</summary>
    public static readonly ImmutableArray<TextListParameter> Texts = [.. All.SelectMany(stage => stage.Texts)];

    /// <summary>The stage of that name, or null.</summary>
    public static SamplingStage? Find(string name) => All.FirstOrDefault(stage => stage.Name == name);
}
