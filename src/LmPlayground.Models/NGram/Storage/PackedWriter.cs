using System.Buffers.Binary;

namespace LmPlayground.Models.NGram.Storage;

/// <summary>Writes what <see cref="PackedReader"/> reads, into zeros; touches up to seven bytes beyond the last number but leaves them as they are.</summary>
internal sealed class PackedWriter(byte[] target, int start, int bits)
{
    private long _bit;

    /// <summary>Writes the next number.</summary>
    public void Add(uint value)
    {
        var at = start + (int)(_bit >> 3);
        var shifted = (ulong)value << (int)(_bit & 7);
        var bytes = target.AsSpan(at, sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, BinaryPrimitives.ReadUInt64LittleEndian(bytes) | shifted);
        _bit += bits;
    }
}
