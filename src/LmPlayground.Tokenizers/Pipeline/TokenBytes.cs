using System.Buffers;
using System.Globalization;
using System.Text;
using LmPlayground.Tokenizers.Decoders;

namespace LmPlayground.Tokenizers.Pipeline;

/// <summary>Ids to bytes to text: what decoding whole sequences, streaming and describing have in common.</summary>
/// <param name="tokenizer">Whose ids they are.</param>
/// <param name="decoder">How tokens become text.</param>
/// <param name="spaced">The tokens that have a space in front of them inside a text.</param>
/// <remarks>Thread-safe; what a token's bytes are is worked out once.</remarks>
internal sealed class TokenBytes(ModelTokenizer tokenizer, TokenDecoder decoder, IReadOnlySet<int> spaced)
{
    private readonly byte[]?[] _known = new byte[]?[tokenizer.VocabularySize];

    /// <summary>The bytes of an id's text, or null where it gives none: a hole, or a special token that is skipped.</summary>
    public byte[]? Of(int id, bool isFirst, bool skipSpecialTokens)
    {
        if ((uint)id >= (uint)_known.Length || (skipSpecialTokens && tokenizer.IsSpecial(id)) || tokenizer.TokenOf(id) is not { } token)
            return null;
        return isFirst ? decoder.BytesOf(token, true) : _known[id] ??= spaced.Contains(id) ? [(byte)' ', .. decoder.BytesOf(token, false)] : decoder.BytesOf(token, false);
    }

    /// <summary>What stands between an id's text and that of the next one.</summary>
    public ReadOnlySpan<byte> OwedAfter(int id) => tokenizer.TokenOf(id) is { } token ? decoder.Owed(token) : default;

    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens)
    {
        var text = new StringBuilder();
        var run = new ArrayBufferWriter<byte>();
        var runIsFallback = false;
        int? previous = null;
        foreach (var id in ids)
        {
            if (Of(id, previous is null, skipSpecialTokens) is not { } bytes)
                continue;
            if (previous is { } before)
                run.Write(OwedAfter(before));
            previous = id;
            var isFallback = decoder.IsFallbackByte(tokenizer.TokenOf(id)!);
            if (isFallback != runIsFallback)
                Flush();
            runIsFallback = isFallback;
            run.Write(bytes);
        }

        Flush();
        return text.ToString();

        void Flush()
        {
            // A run of fallback bytes is text or nothing but replacement characters; other bytes are replaced where they are wrong.
            if (runIsFallback && !System.Text.Unicode.Utf8.IsValid(run.WrittenSpan))
                text.Append('\uFFFD', run.WrittenCount);
            else
                text.Append(Encoding.UTF8.GetString(run.WrittenSpan));
            run.ResetWrittenCount();
        }
    }

    public string Describe(int id)
    {
        if (tokenizer.TokenOf(id) is not { } token)
            return string.Create(CultureInfo.InvariantCulture, $"[{id}]");
        if (tokenizer.IsSpecial(id) && !decoder.IsFallbackByte(token))
            return token;
        var text = new StringBuilder();
        for (ReadOnlySpan<byte> rest = Of(id, false, false); !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            if (status == OperationStatus.Done)
            {
                text.Append(rune);
            }
            else
            {
                foreach (var value in rest[..consumed])
                    text.Append(CultureInfo.InvariantCulture, $"<0x{value:X2}>");
            }

            rest = rest[consumed..];
        }

        return text.ToString();
    }
}
