using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.History;

namespace LmPlayground.Sampling.Stages;

/// <summary>Lowers the logit of every token of the output by the penalty, however often it came (OpenAI, vLLM). The prompt does not count.</summary>
public sealed class PresencePenaltyStage : SamplingStage
{
    internal const string StageName = "presence_penalty";

    /// <summary>What is subtracted.</summary>
    public static readonly StageParameter Penalty = new(StageName, "Presence penalty")
    {
        Default = 0,
        Minimum = -2,
        Maximum = 2,
        SliderMaximum = 2,
        Help = "Above 0 makes tokens of the generated text less likely to come again, below 0 more likely. 0 is off.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Penalty.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Penalty;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<StageParameter> Parameters { get; } = [Penalty];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Penalty] != 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor(options[Penalty]);

    private sealed class Processor(double penalty) : ILogitsProcessor
    {
        private readonly TokenTable _counts = new();

        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            _counts.CountAll(context.Output);
            for (var i = 0; i < _counts.Ids.Length; i++)
                candidates.Shift(_counts.Ids[i], -penalty);
        }
    }
}
