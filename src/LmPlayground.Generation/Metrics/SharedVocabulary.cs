using System.Runtime.CompilerServices;
using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Metrics;

/// <summary>Whether the token ids of two models mean the same: every id the same token, and as many logits.</summary>
/// <remarks>Thread-safe. Two tokenizers are compared once: models that were read from different folders often have the same one.</remarks>
internal static class SharedVocabulary
{
    private static readonly ConditionalWeakTable<ModelTokenizer, ConditionalWeakTable<ModelTokenizer, object>> Known = [];

    internal static bool IsOf(ILanguageModel left, ILanguageModel right) =>
        left.Card.VocabularySize == right.Card.VocabularySize && IsOf(left.Tokenizer, right.Tokenizer);

    private static bool IsOf(ModelTokenizer left, ModelTokenizer right) =>
        ReferenceEquals(left, right) || (bool)Known.GetOrCreateValue(left).GetValue(right, other => HasSameTokens(left, other));

    private static bool HasSameTokens(ModelTokenizer left, ModelTokenizer right)
    {
        if (left.VocabularySize != right.VocabularySize)
            return false;
        for (var id = 0; id < left.VocabularySize; id++)
        {
            if (left.TokenOf(id) != right.TokenOf(id))
                return false;
        }

        return true;
    }
}
