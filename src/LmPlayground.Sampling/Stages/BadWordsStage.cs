using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Bans words: the last token of a word is banned where the text ends in the tokens before it, as in transformers. A word is tried as
/// typed and with a space before it. A token that ends a text is never banned.
/// </summary>
public sealed class BadWordsStage : SamplingStage
{
    internal const string StageName = "bad_words";

    /// <summary>The words.</summary>
    public static readonly StageTexts Words = new(StageName, "Bad words")
    {
        Help = "Words that must not come: the token that would complete one is banned.",
        Example = "dragon",
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Words.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Constraint;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<StageParameter> Parameters => [];

    /// <inheritdoc/>
    public override ImmutableArray<StageTexts> Texts { get; } = [Words];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Words].Count > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary)
    {
        var known = Need(vocabulary);
        var sequences = options[Words].SelectMany(word => TokenSequences.Of(known, word));
        return new Processor([.. sequences.Where(sequence => !known.EndOfSequenceIds.Contains(sequence[^1]))]);
    }

    private sealed class Processor(ImmutableArray<int[]> sequences) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            foreach (var sequence in sequences)
            {
                if (context.History.EndsWith(sequence.AsSpan(0, sequence.Length - 1)))
                    candidates.Remove(sequence[^1]);
            }
        }
    }
}
