using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Adds to the logits of named tokens (OpenAI). A token is named by its id ("#123=-100") or by a text ("sea=+5"); a text names every
/// token of it, as typed and with a space before it. What several entries say of one token is added up.
/// </summary>
public sealed class LogitBiasStage : SamplingStage
{
    internal const string StageName = "logit_bias";

    /// <summary>The entries.</summary>
    public static readonly TextListParameter Entries = new(StageName, "Logit bias")
    {
        Default = [],
        Help = "Makes tokens more likely (up to +100) or less likely (down to -100): a text or #id, =, a number.",
        Example = "sea=+5",
        Check = entry => LogitBias.TryParse(entry, out _, out var problem) ? null : problem,
    };

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override string Label => Entries.Label;

    /// <inheritdoc/>
    public override StageGroup Group => StageGroup.Bias;

    /// <inheritdoc/>
    public override bool IsAdvanced => true;

    /// <inheritdoc/>
    public override ImmutableArray<NumberParameter> Parameters => [];

    /// <inheritdoc/>
    public override ImmutableArray<TextListParameter> Texts { get; } = [Entries];

    /// <inheritdoc/>
    public override bool IsOn(SamplingOptions options) => options[Entries].Count > 0;

    /// <inheritdoc/>
    protected override ILogitsProcessor Build(SamplingOptions options, ISamplingVocabulary? vocabulary)
    {
        var biases = new SortedDictionary<int, double>();
        foreach (var entry in options[Entries])
        {
            if (!LogitBias.TryParse(entry, out var bias, out var problem))
                throw new SettingException("logit_bias.entry", $"{problem}");
            var ids = bias.Id is { } id ? [id] : IdsOf(bias.Text, Need(vocabulary));
            foreach (var token in ids)
                biases[token] = biases.GetValueOrDefault(token) + bias.Value;
        }

        return new Processor([.. biases.Select(pair => (pair.Key, pair.Value))]);
    }

    /// <summary>The tokens of a text. A tokenizer may know tokens that the model has no logit for: they never come, and nothing is added to them.</summary>
    private static IEnumerable<int> IdsOf(string text, ISamplingVocabulary vocabulary) =>
        TokenSequences.Of(vocabulary, text).SelectMany(ids => ids).Where(id => id < vocabulary.Size).Distinct();

    private sealed class Processor(ImmutableArray<(int Id, double Bias)> biases) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context)
        {
            if (!biases.IsEmpty && biases[^1].Id >= candidates.VocabularySize)
                ThrowUnknown(biases[^1].Id, candidates.VocabularySize);
            foreach (var (id, bias) in biases)
                candidates.Shift(id, bias);
        }

        private static void ThrowUnknown(int id, int size) => throw new SettingException(
            "logit_bias.vocabulary", $"{StageName} names the token #{id}, but the vocabulary ends at #{size - 1}.");
    }
}
