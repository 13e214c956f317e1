using System.Text;

namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>A token for every word; all others are the unknown one.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, int? unknownId) : TokenModel(vocabulary)
{
    public override void Tokenize(ReadOnlySpan<char> word, List<ModelToken> output)
    {
        if (!Vocabulary.TryGetId(word, out var id))
            id = unknownId ?? throw new ModelRunException("The tokenizer has no token for unknown words (unk_token).");
        output.Add(new ModelToken(id, 0, Encoding.UTF8.GetByteCount(word)));
    }
}
