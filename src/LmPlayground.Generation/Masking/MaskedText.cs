using System.Collections.Immutable;
using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Masking;

/// <summary>A text as a masked model reads it: its tokens, where they stand in the text, and which of them are hidden.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MaskedText
{
    private readonly IMaskedModel _model;

    private MaskedText(IMaskedModel model, string text, ImmutableArray<TextToken> tokens)
    {
        _model = model;
        Text = text;
        Tokens = tokens;
        Ids = [.. tokens.Select(token => token.Id)];
        Masks = [.. Enumerable.Range(0, tokens.Length).Where(index => tokens[index].Id == model.MaskId)];
        Scored = [.. Enumerable.Range(0, tokens.Length).Where(index => !model.Tokenizer.IsSpecial(tokens[index].Id))];
    }

    /// <summary>The text as it was written.</summary>
    public string Text { get; }

    /// <summary>Its tokens, with those that the tokenizer puts around it.</summary>
    public ImmutableArray<TextToken> Tokens { get; }

    /// <summary>Their ids.</summary>
    public ImmutableArray<int> Ids { get; }

    /// <summary>Which tokens are masks: indices into <see cref="Tokens"/>, ascending.</summary>
    public ImmutableArray<int> Masks { get; }

    /// <summary>Which tokens a score counts: all but the special ones.</summary>
    public ImmutableArray<int> Scored { get; }

    /// <summary>Reads <paramref name="text"/>. A mask is written as the model's card says, "[MASK]".</summary>
    /// <exception cref="PromptException">It is empty, longer than the model's context, or has a token that the model does not know.</exception>
    public static MaskedText Read(IMaskedModel model, string text)
    {
        var tokens = model.Tokenizer.Encode(text);
        if (tokens.Count == 0 || text.Length == 0)
            throw new PromptException("masked.empty", $"The text is empty: write one, with {MaskOf(model)} where a token is to be filled in.");
        if (tokens.Count > model.Card.ContextLength)
        {
            throw new PromptException("masked.too_long", $"The text has {tokens.Count:N0} tokens, special ones included, and {model.Card.Name} sees {model.Card.ContextLength:N0} at once: shorten it by {tokens.Count - model.Card.ContextLength:N0} tokens or more.");
        }

        MaskedText read = new(model, text, [.. tokens]);
        PromptEncoder.CheckVocabulary(model, read.Ids);
        return read;
    }

    /// <summary>The text with its filled masks: pieces of the written text and fills, in order. Masks without a fill stay as written.</summary>
    /// <param name="fills">Token ids by token index.</param>
    public ImmutableArray<TextPart> Parts(IReadOnlyDictionary<int, int> fills)
    {
        var parts = ImmutableArray.CreateBuilder<TextPart>();
        var written = 0;
        foreach (var mask in Masks)
        {
            if (!fills.TryGetValue(mask, out var id))
                continue;
            var token = Tokens[mask];
            parts.Add(new TextPart(Text[written..token.Start], null));
            parts.Add(new TextPart(Piece(id, token.Start), mask));
            written = token.Start + token.Length;
        }

        parts.Add(new TextPart(Text[written..], null));
        return parts.ToImmutable();
    }

    /// <summary>The text with its filled masks.</summary>
    public string Fill(IReadOnlyDictionary<int, int> fills) => string.Concat(Parts(fills).Select(part => part.Text));

    /// <summary>What a token of the text reads as where it stands; tokens that share characters: the first of them.</summary>
    internal string TextOf(int index)
    {
        var token = Tokens[index];
        return index > 0 && Tokens[index - 1].Start + Tokens[index - 1].Length > token.Start ? "" : Text.Substring(token.Start, token.Length);
    }

    /// <summary>A filled token's text: its own leading space only where the written text has none before it.</summary>
    internal string Piece(int id, int start)
    {
        var text = _model.Tokenizer.Decode([id], skipSpecialTokens: true);
        return start == 0 || char.IsWhiteSpace(Text[start - 1]) ? text.TrimStart() : text;
    }

    /// <summary>How many characters (code points) the text has besides special tokens written in it.</summary>
    internal int Characters => Runes(Text) - Tokens.Where(token => _model.Tokenizer.IsSpecial(token.Id)).Sum(token => Runes(Text.AsSpan(token.Start, token.Length)));

    private static int Runes(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    internal static string MaskOf(IMaskedModel model) => model.Card.MaskToken ?? model.Tokenizer.Describe(model.MaskId);
}

/// <summary>A piece of a text.</summary>
/// <param name="Text">How it reads.</param>
/// <param name="Token">The index of the mask that it fills, or null for what was written.</param>
public readonly record struct TextPart(string Text, int? Token);
