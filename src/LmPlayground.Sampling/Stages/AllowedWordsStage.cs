using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Bans every token that occurs in none of the listed texts, each taken as typed and with a space before it. Tokens that end a text
/// stay allowed.
/// </summary>
public sealed class AllowedWordsStage() : WordListStage(Words)
{
    internal const string StageName = "allowed_words";

    /// <summary>The texts.</summary>
    public static readonly TextListParameter Words = new(StageName, "Allowed words")
    {
        Default = [],
        Help = "Only tokens of these texts, and the end of the text, may come.",
        Example = "yes",
    };

    private protected override ILogitsProcessor Build(IEnumerable<int[]> sequences, ISamplingVocabulary vocabulary) =>
        new Processor([.. sequences.SelectMany(ids => ids).Concat(vocabulary.EndOfSequenceIds).Distinct().Order()]);

    private sealed class Processor(int[] ids) : ILogitsProcessor
    {
        public void Apply(CandidateSet candidates, in SamplingContext context) => candidates.KeepOnly(ids);
    }
}
