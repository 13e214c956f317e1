using System.Text;
using LmPlayground.Tokenizers.Sources;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>Writes a <c>tokenizer.model</c> in protobuf's wire format.</summary>
internal sealed class SentencePieceWriter(bool isBpe, bool byteFallback)
{
    private readonly List<byte> _pieces = [];

    public void Add(string text, float score, PieceKind kind)
    {
        var piece = new MemoryStream();
        Bytes(piece, 1, Encoding.UTF8.GetBytes(text));
        piece.WriteByte((2 << 3) | 5);
        piece.Write(BitConverter.GetBytes(score));
        Number(piece, 3, (ulong)kind);
        var field = new MemoryStream();
        Bytes(field, 1, piece.ToArray());
        _pieces.AddRange(field.ToArray());
    }

    public byte[] ToArray()
    {
        var trainer = new MemoryStream();
        Number(trainer, 3, isBpe ? 2u : 1u);
        Number(trainer, 35, byteFallback ? 1u : 0u);
        var normalizer = new MemoryStream();
        Bytes(normalizer, 1, "identity"u8.ToArray());
        Number(normalizer, 3, 1);
        var all = new MemoryStream();
        all.Write([.. _pieces]);
        Bytes(all, 2, trainer.ToArray());
        Bytes(all, 3, normalizer.ToArray());
        return all.ToArray();
    }

    private static void Bytes(MemoryStream stream, int field, byte[] content)
    {
        Varint(stream, (ulong)((field << 3) | 2));
        Varint(stream, (ulong)content.Length);
        stream.Write(content);
    }

    private static void Number(MemoryStream stream, int field, ulong value)
    {
        Varint(stream, (ulong)(field << 3));
        Varint(stream, value);
    }

    private static void Varint(MemoryStream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
