using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.History;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Divides the positive logits of tokens that came before by the penalty and multiplies the negative ones (Keskar et al. 2019), once
/// for each token, in prompt and output, as in transformers.
/// </summary>
public sealed class RepetitionPenaltyStage : SamplingStage
{
    internal const string StageName = "repetition_penalty";

    /// <summary>The penalty.</summary>
    public static readonly NumberParameter Penalty = new(StageName, "Repetition penalty")
    {
        Default = 1,
        Minimum = 0.01,
        Maximum = 10,
        SliderMaximum = 2,
        Help = "Above 1 makes tokens that already came less likely, below 1 more likely. 1 is off.",
    };

    /// <summary>How many tokens count, from the end, the prompt included; 0 for all.</summary>
    public static readonly NumberParameter Window = new("penalty_window", "Penalty window")
    {
        Default = 0,
        Minimum = 0,
        Maximum = int.MaxValue,
        SliderMaximum = 512,
        Step = 1,
        IsInteger = true,
        Help = "How many of the last tokens the repetition penalty looks at. 0 looks at all.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Penalty.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Penalty;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [Penalty, Window];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Penalty] != 1;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) =>
        new Processor(options[Penalty], (int)options[Window]);

    private sealed class Processor(double penalty, int window) : ILogitsProcessor
    {
        private readonly TokenTable _seen = new();

        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            var history = context.History;
            _seen.CountAll(window > 0 && window < history.Length ? history[^window..] : history);
            foreach (var id in _seen.Ids)
            {
                if (candidates.Logit(id) is var logit and > double.NegativeInfinity)
                    candidates.Move(id, logit < 0 ? logit * penalty : logit / penalty);
            }
        }
    }
}
