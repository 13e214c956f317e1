namespace LmPlayground.Models.NGram.Storage;

/// <summary>Positive floats: as they are, or as codes of a codebook.</summary>
internal readonly unsafe struct NumberReader
{
    private readonly PackedReader _codes;
    private readonly float* _values;

    /// <param name="values">The codebook; not read where a code is a float itself.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="bits">The width of a code.</param>
    public NumberReader(byte* values, byte* codes, int bits)
    {
        _codes = new PackedReader(codes, bits);
        _values = bits == NGramLayout.FloatBits ? null : (float*)values;
    }

    /// <summary>The number at an index; nothing is checked.</summary>
    public float this[int index] => _values is null ? BitConverter.UInt32BitsToSingle(_codes[index]) : _values[_codes[index]];
}
