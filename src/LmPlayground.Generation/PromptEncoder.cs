using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation;

/// <summary>A prompt's text to the ids that the model is given.</summary>
public static class PromptEncoder
{
    /// <summary>
    /// The ids of <paramref name="text"/>: those the model wants in front of every prompt, the text's own, and those its tokenizer puts
    /// around it. An empty text begins with the model's beginning-of-sequence token. What begins an encoder-decoder's own text is not
    /// closed by the tokens that close a source.
    /// </summary>
    /// <exception cref="PromptException">The text gives no token, and the model has none to begin with.</exception>
    public static ImmutableArray<int> Encode(ILanguageModel model, string text) => Encode(model.Card, model.Tokenizer, text);

    /// <summary>The same for a model that need not be in memory.</summary>
    /// <exception cref="PromptException">The text gives no token, and the model has none to begin with.</exception>
    public static ImmutableArray<int> Encode(ModelCard card, ModelTokenizer tokenizer, string text)
    {
        ImmutableArray<int> ids = [.. card.PromptPrefixIds, .. tokenizer.Encode(text, addSpecialTokens: card.Kind != ModelKind.EncoderDecoder).Select(token => token.Id)];
        if (!ids.IsEmpty)
            return ids;
        if (card.BeginningOfSequenceId is { } beginning)
            return [beginning];
        throw text.Length == 0
            ? new PromptException("prompt.empty", $"The prompt is empty, and {card.Name} has no token to begin a text with: write at least one character.")
            : new PromptException("prompt.unknown", $"{card.Name} knows none of the prompt's characters: write some that it knows.");
    }

    /// <summary>
    /// The ids of a conversation that the model's chat template has rendered: special tokens written in it are recognised, and none are added
    /// but those that the model wants in front of every prompt.
    /// </summary>
    /// <exception cref="PromptException">The text gives no token.</exception>
    public static ImmutableArray<int> EncodeRendered(ModelCard card, ModelTokenizer tokenizer, string rendered)
    {
        ImmutableArray<int> ids = [.. card.PromptPrefixIds, .. tokenizer.Encode(rendered, addSpecialTokens: false).Select(token => token.Id)];
        return ids.IsEmpty ? throw new PromptException("template.empty", $"The chat template of {card.Name} makes an empty text of the message.") : ids;
    }

    /// <summary>The ids of a source text, with those that the model's tokenizer puts around it.</summary>
    /// <exception cref="PromptException">The text gives no token, one that the model does not know, or more than the encoder reads.</exception>
    public static ImmutableArray<int> EncodeSource(IEncoderDecoderModel model, string text)
    {
        ImmutableArray<int> ids = [.. model.Tokenizer.Encode(text).Select(token => token.Id)];
        if (ids.IsEmpty)
        {
            throw text.Length == 0
                ? new PromptException("source.empty", $"The source text is empty: write what {model.Card.Name} is to read.")
                : new PromptException("source.unknown", $"{model.Card.Name} knows none of the source text's characters: write some that it knows.");
        }

        CheckVocabulary(model, ids);

        if (ids.Length > model.Card.SourceContextLength)
        {
            throw new PromptException("source.too_long", $"The source text has {ids.Length:N0} tokens, and {model.Card.Name} reads {model.Card.SourceContextLength:N0}: shorten it by {ids.Length - model.Card.SourceContextLength:N0} tokens or more.");
        }

        return ids;
    }

    /// <summary>Checks that <paramref name="ids"/> can be a prompt of the model.</summary>
    /// <exception cref="PromptException">No ids, an id outside the vocabulary, or more than the context has room for.</exception>
    public static void Check(ILanguageModel model, ImmutableArray<int> ids)
    {
        var card = model.Card;
        if (ids.IsEmpty)
            throw new PromptException("prompt.no_tokens", $"The prompt has no tokens.");
        CheckVocabulary(model, ids);

        if (ids.Length >= card.ContextLength)
        {
            throw new PromptException("prompt.too_long", $"The prompt has {ids.Length:N0} tokens, and {card.Name} holds {card.ContextLength:N0} with at least one new one: shorten it by {ids.Length - card.ContextLength + 1:N0} tokens or more.");
        }
    }

    /// <summary>Checks that the model has a logit for each of <paramref name="ids"/>: a tokenizer may know more tokens than its model.</summary>
    /// <exception cref="PromptException">It has none for one of them; the message names the token.</exception>
    internal static void CheckVocabulary(IModel model, ImmutableArray<int> ids)
    {
        var card = model.Card;
        foreach (var id in ids)
        {
            if (id >= 0 && id < card.VocabularySize)
                continue;
            throw id >= 0 && model.Tokenizer.TokenOf(id) is not null
                ? new PromptException("token.no_logit", $"The token '{model.Tokenizer.Describe(id)}' (id {id}) is not in the vocabulary of {card.Name}, which ends at {card.VocabularySize - 1}: only the tokenizer knows it. Leave it out.")
                : new PromptException("token.unknown", $"The token id {id} is not in the vocabulary of {card.Name}, which ends at {card.VocabularySize - 1}.");
        }
    }
}
