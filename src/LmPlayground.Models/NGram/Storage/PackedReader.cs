using System.Runtime.CompilerServices;

namespace LmPlayground.Models.NGram.Storage;

/// <summary>Whole numbers of a fixed number of bits, one after the other, the lowest bit first.</summary>
/// <remarks>Reads up to seven bytes beyond the last number; a model file ends with its checksum, so that they are there.</remarks>
internal readonly unsafe struct PackedReader
{
    private readonly byte* _start;
    private readonly uint _mask;

    /// <param name="start">The first byte.</param>
    /// <param name="bits">The width of a number, 1 to 32.</param>
    public PackedReader(byte* start, int bits)
    {
        _start = start;
        Bits = bits;
        _mask = (uint)((1UL << bits) - 1);
    }

    /// <summary>The width of a number.</summary>
    public int Bits { get; }

    /// <summary>The number at an index; nothing is checked.</summary>
    public uint this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var bit = (long)index * Bits;
            return (uint)(Unsafe.ReadUnaligned<ulong>(_start + (bit >> 3)) >> (int)(bit & 7)) & _mask;
        }
    }
}
