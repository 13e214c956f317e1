using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Bans every token that occurs in none of the listed texts, each taken as typed and with a space before it. Tokens that end a text
/// stay allowed.
/// </summary>
public sealed class AllowedWordsStage : SamplingStage
{
    internal const string StageName = "allowed_words";

    /// <summary>The texts.</summary>
    public static readonly StageTexts Words = new(StageName, "Allowed words")
    {
        Help = "Only tokens of these texts, and the end of the text, may come.",
        Example = "yes",
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
        var listed = options[Words].SelectMany(word => TokenSequences.Of(known, word)).SelectMany(ids => ids);
        return new Processor([.. listed.Concat(known.EndOfSequenceIds).Distinct().Order()]);
    }

    private sealed class Processor(int[] ids) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepOnly(ids);
    }
}
