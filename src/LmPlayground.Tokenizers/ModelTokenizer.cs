namespace LmPlayground.Tokenizers;

/// <summary>Text to token ids and back, exactly as Hugging Face <c>tokenizers</c> does it for the same <c>tokenizer.json</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public abstract class ModelTokenizer
{
    /// <summary>One more than the greatest id. There may be holes below it.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>What its files say that could not be used, in whole sentences; it works without. Mostly empty.</summary>
    public virtual IReadOnlyList<string> Notices => [];

    /// <summary>Splits <paramref name="text"/> into tokens. Special tokens written out in the text are recognised.</summary>
    /// <param name="text">Any text. A lone surrogate is read as U+FFFD, as a UTF-8 encoder would write it.</param>
    /// <param name="addSpecialTokens">Whether the tokens that the post-processor puts around a text are added.</param>
    public abstract IReadOnlyList<TextToken> Encode(string text, bool addSpecialTokens = true);

    /// <summary>The text of a sequence; ids unknown to the tokenizer give nothing, bytes that are no UTF-8 give U+FFFD.</summary>
    public abstract string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false);

    /// <summary>The vocabulary's own spelling of an id ("Ġthe", "▁the", "##ing"), or null for a hole.</summary>
    public abstract string? TokenOf(int id);

    /// <summary>The id of a token in the vocabulary's own spelling, or null.</summary>
    public abstract int? IdOf(string token);

    /// <summary>Whether the id is a special token: one that structures a text rather than spells it.</summary>
    public abstract bool IsSpecial(int id);

    /// <summary>
    /// One token for people to read: its text where it is whole characters ("·" and the like are left to the page), its bytes as
    /// <c>&lt;0xE2&gt;&lt;0x96&gt;</c> where it is not, the name of a special token, <c>[id]</c> for a hole. Never U+FFFD for a split character.
    /// </summary>
    public abstract string Describe(int id);

    /// <summary>
    /// What one token adds to a text in which others stand before and behind it, in UTF-8: with the space that it loses at the beginning, and
    /// a part of a character where it is one. A special token's name; nothing for a hole.
    /// </summary>
    public abstract ReadOnlyMemory<byte> BytesOf(int id);

    /// <summary>Begins to decode a sequence token by token.</summary>
    /// <param name="skipSpecialTokens">Whether special tokens give no text.</param>
    public abstract TokenStreamDecoder StartStream(bool skipSpecialTokens = true);
}
