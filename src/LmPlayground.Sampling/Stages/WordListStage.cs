using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>A constraint that is given as a list of texts, each taken as typed and with a space before it.</summary>
/// <param name="words">The declaration of the list; the stage is on where it has an entry.</param>
public abstract class WordListStage(TextListParameter words) : SamplingStage
{
    /// <inheritdoc/>
    public override string Name => words.Name;

    /// <inheritdoc/>
    public override string Label => words.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Constraint;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters => [];

    /// <inheritdoc/>
    public override ImmutableArray<TextListParameter> Texts { get; } = [words];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[words].Count > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary)
    {
        var known = Need(vocabulary);
        return Build(options[words].SelectMany(word => TokenSequences.Of(known, word)), known);
    }

    /// <summary>The processor for the token sequences that the texts may be.</summary>
    private protected abstract ILogitsProcessor Build(IEnumerable<int[]> sequences, ISamplingVocabulary vocabulary);
}
