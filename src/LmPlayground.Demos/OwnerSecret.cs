using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace LmPlayground.Demos;

/// <summary>
/// What makes a browser the owner of its links: 256 random bits that it made itself. A server sees them while it answers and keeps only their
/// hash. Its <see cref="object.ToString"/> says nothing of them, so that no log can.
/// </summary>
public sealed class OwnerSecret
{
    /// <summary>How many bytes a secret has.</summary>
    public const int Length = 32;

    private readonly byte[] _key;

    private OwnerSecret(byte[] key)
    {
        _key = key;
        Hash = Hash256.Of(key);
    }

    /// <summary>What a server keeps of the secret.</summary>
    public Hash256 Hash { get; }

    internal ReadOnlySpan<byte> Key => _key;

    /// <summary>A new secret.</summary>
    public static OwnerSecret Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads a secret as a browser keeps it: 43 symbols of base64url.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OwnerSecret? secret)
    {
        secret = null;
        var key = new byte[Length];
        if (text?.Length != Base64Url.GetEncodedLength(Length))
            return false;
        if (Base64Url.DecodeFromChars(text, key, out _, out var written) != OperationStatus.Done || written != Length)
            return false;

        // The last symbol has two bits to spare: only one of its spellings is the secret's.
        if (Base64Url.EncodeToString(key) != text)
            return false;
        secret = new(key);
        return true;
    }

    /// <summary>The secret as a browser keeps it.</summary>
    public string Reveal() => Base64Url.EncodeToString(_key);

    /// <summary>Whether a hash is this secret's, in a time that does not depend on where they differ.</summary>
    public bool Owns(Hash256? owner) => owner is { } hash && Hash.Equals(hash);
}
