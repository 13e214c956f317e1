using System.Collections.Frozen;
using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Settings;

/// <summary>The settings of the sampler's stages, made from their declarations.</summary>
public static class StageSettings
{
    private static readonly FrozenDictionary<string, Setting<double>> ByNumber =
        SamplingStages.Parameters.ToFrozenDictionary(parameter => parameter.Name, SettingFactory.OfModel);

    private static readonly FrozenDictionary<string, Setting<ValueList<string>>> ByTexts =
        SamplingStages.Texts.ToFrozenDictionary(texts => texts.Name, SettingFactory.Of);

    /// <summary>All of them: numbers in the order of the stages, then lists of texts by name.</summary>
    public static readonly ImmutableArray<Setting> All =
    [
        .. SamplingStages.Parameters.Select(Of),
        .. SamplingStages.Texts.OrderBy(texts => texts.Name, StringComparer.Ordinal).Select(Of),
    ];

    /// <summary>The setting of a stage's number. Where nothing is chosen, the model's own value is used.</summary>
    public static Setting<double> Of(NumberParameter parameter) => ByNumber[parameter.Name];

    /// <summary>The setting of a stage's list of texts.</summary>
    public static Setting<ValueList<string>> Of(TextListParameter texts) => ByTexts[texts.Name];
}
