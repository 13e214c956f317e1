using System.Collections.Immutable;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Sampling.Stages;

/// <summary>
/// Bans words: the last token of a word is banned where the text ends in the tokens before it, as in transformers. A word is tried as
/// typed and with a space before it. A token that ends a text is never banned.
/// </summary>
public sealed class BadWordsStage() : WordListStage(Words)
{
    internal const string StageName = "bad_words";

    /// <summary>The words.</summary>
    public static readonly TextListParameter Words = new(StageName, "Bad words")
    {
        Default = [],
        Help = "Words that must not come: the token that would complete one is banned.",
        Example = "dragon",
    };

    private protected override ILogitsProcessor Build(IEnumerable<int[]> sequences, ISamplingVocabulary vocabulary) =>
        new Processor([.. sequences.Where(sequence => !vocabulary.EndOfSequenceIds.Contains(sequence[^1]))]);

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
