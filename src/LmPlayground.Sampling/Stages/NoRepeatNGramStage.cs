using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>Bans every token that would complete an n-gram that prompt or output already hold (Paulus et al. 2017), as in transformers.</summary>
public sealed class NoRepeatNGramStage : SamplingStage
{
    internal const string StageName = "no_repeat_ngram_size";

    /// <summary>n.</summary>
    public static readonly NumberParameter Size = new(StageName, "No-repeat n-gram")
    {
        Default = 0,
        Minimum = 0,
        Maximum = int.MaxValue,
        SliderMaximum = 10,
        Step = 1,
        IsInteger = true,
        Help = "No sequence of this many tokens may come twice. 1 bans every token that came, 0 is off.",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Size.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Constraint;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters { get; } = [Size];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Size] > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary) => new Processor((int)options[Size]);

    private sealed class Processor(int n) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            var history = context.History;
            if (history.Length < n)
                return;
            var prefix = history[^(n - 1)..];
            for (var end = n - 1; end < history.Length; end++)
            {
                if (history.Slice(end - prefix.Length, prefix.Length).SequenceEqual(prefix))
                    candidates.Remove(history[end]);
            }
        }
    }
}
