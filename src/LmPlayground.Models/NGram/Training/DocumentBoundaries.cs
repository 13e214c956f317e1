using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.NGram.Training;

/// <summary>The tokens between which a document stands.</summary>
/// <param name="BeginId">In front of it, or null.</param>
/// <param name="EndId">After it, or null.</param>
internal readonly record struct DocumentBoundaries(int? BeginId, int? EndId)
{
    private static readonly (string Begin, string End)[] WellKnown = [("<|endoftext|>", "<|endoftext|>"), ("<s>", "</s>"), ("<|begin_of_text|>", "<|end_of_text|>")];

    /// <summary>
    /// What the files beside a tokenizer say, else the names that tokenizers give such tokens; none for a tokenizer without. A
    /// tokenizer with only one of the two has it do both, as the models of GPT-2's kind were trained.
    /// </summary>
    /// <exception cref="ModelLoadException">One of the files is malformed.</exception>
    public static DocumentBoundaries Find(ModelFolder folder, ModelTokenizer tokenizer)
    {
        var source = new ModelSource("tokenizer", folder.Directory, IsEmbedded: false, Index: null);
        var card = new ModelCardReader(folder).Read(source, new DecoderFacts(ModelKind.NGram, tokenizer.VocabularySize, null, "ngram"), tokenizer);
        var begin = card.BeginningOfSequenceId;

        // An instructed model ends its turn with one token and a document with another: the one that begins documents.
        int? end = begin is { } id && card.EndOfSequenceIds.Contains(id) ? id : card.EndOfSequenceIds is [int first, ..] ? first : null;
        if (begin is not null || end is not null)
            return new DocumentBoundaries(begin ?? end, end ?? begin);
        foreach (var (beginName, endName) in WellKnown)
        {
            if (tokenizer.IdOf(beginName) is { } known && tokenizer.IdOf(endName) is { } knownEnd)
                return new DocumentBoundaries(known, knownEnd);
        }

        return default;
    }
}
