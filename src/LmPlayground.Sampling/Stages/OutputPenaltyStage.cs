using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.History;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>A penalty as OpenAI and vLLM have it: subtracted from the logits of the output's tokens; the prompt does not count.</summary>
/// <param name="penalty">The declaration of what is subtracted.</param>
/// <param name="perOccurrence">Whether it is subtracted for each time that a token came, or once.</param>
public abstract class OutputPenaltyStage(NumberParameter penalty, bool perOccurrence) : SamplingStage
{
    /// <inheritdoc/>
    public override string Name => penalty.Name;

    /// <inheritdoc/>
    public override string Label => penalty.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Penalty;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [penalty];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[penalty] != 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) =>
        new Processor(options[penalty], perOccurrence);

    private protected static NumberParameter Declare(string name, string label, string help) => new(name, label)
    {
        Default = 0,
        Minimum = -2,
        Maximum = 2,
        SliderMaximum = 2,
        Help = help,
    };

    private sealed class Processor(double penalty, bool perOccurrence) : ILogitsProcessor
    {
        private readonly TokenTable _counts = new();

        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            _counts.CountAll(context.Output);
            for (var i = 0; i < _counts.Ids.Length; i++)
                candidates.Shift(_counts.Ids[i], perOccurrence ? -penalty * _counts.Values[i] : -penalty);
        }
    }
}
