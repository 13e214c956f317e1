using System.Security.Cryptography;

namespace LmPlayground.Demos;

/// <summary>A SHA-256 hash: of a document, of a link's id, of an owner's secret.</summary>
public readonly struct Hash256 : IEquatable<Hash256>
{
    /// <summary>How many bytes a hash has.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private readonly byte[]? _bytes;

    private Hash256(byte[] bytes) => _bytes = bytes;

    private ReadOnlySpan<byte> Bytes => _bytes ?? new byte[Length];

    /// <summary>The hash of some bytes.</summary>
    public static Hash256 Of(ReadOnlySpan<byte> data) => new(SHA256.HashData(data));

    /// <summary>A hash from its bytes.</summary>
    /// <exception cref="ArgumentException">They are not <see cref="Length"/> bytes.</exception>
    public static Hash256 From(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return bytes.Length == Length
            ? new((byte[])bytes.Clone())
            : throw new ArgumentException($"A hash has {Length} bytes, not {bytes.Length}.", nameof(bytes));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, out Hash256 hash)
    {
        hash = default;
        if (text?.Length != 2 * Length || !text.All(char.IsAsciiHexDigit))
            return false;
        hash = new(Convert.FromHexString(text));
        return true;
    }

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => Bytes.ToArray();

    /// <summary>Whether two hashes are the same, in a time that does not depend on where they differ.</summary>
    public bool Equals(Hash256 other) => CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(Bytes);

    /// <summary>The bytes as lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    /// <summary>Whether two hashes are the same.</summary>
    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    /// <summary>Whether two hashes differ.</summary>
    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);
}
