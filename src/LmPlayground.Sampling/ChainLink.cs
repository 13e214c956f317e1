using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling;

/// <summary>A stage that is on, in its place in a chain.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Processor">What runs; null where another stage takes its place.</param>
/// <param name="ReplacedBy">That other stage.</param>
/// <param name="Value">The value of its main parameter, or null.</param>
internal readonly record struct ChainLink(SamplingStage Stage, ILogitsProcessor? Processor, SamplingStage? ReplacedBy, double? Value)
{
    /// <summary>The stages that <paramref name="options"/> turn on, in their order.</summary>
    internal static List<ChainLink> Of(SamplingOptions options, ISamplingVocabulary? vocabulary)
    {
        var links = new List<ChainLink>();
        foreach (var name in options.Order.Stages)
        {
            var stage = SamplingStages.Find(name) ?? throw new SettingException(
                "stage.unknown", $"There is no stage '{name}'. Known are: {string.Join(", ", SamplingStages.All.Select(known => known.Name))}.");
            if (!stage.IsOn(options))
                continue;
            var other = StageReplacement.Of(stage, options);
            var processor = other is null ? stage.Create(options, vocabulary) : null;
            links.Add(new ChainLink(stage, processor, other, stage.Parameters.IsEmpty ? null : options[stage.Parameters[0]]));
        }

        return links;
    }
}
