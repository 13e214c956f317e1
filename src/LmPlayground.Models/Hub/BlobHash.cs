using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LmPlayground.Models.Hub;

/// <summary>The checksum by which a hub names a file: SHA-256 of its bytes, or git's SHA-1 of a header and its bytes.</summary>
internal sealed class BlobHash : IDisposable
{
    private const int Sha1Digits = 40;

    private readonly IncrementalHash _hash;

    public BlobHash(HubFile file)
    {
        var isGit = file.Checksum.Length == Sha1Digits;
#pragma warning disable CA5350 // Git names small files by SHA-1; it guards against broken connections here, and the hub is trusted.
        _hash = IncrementalHash.CreateHash(isGit ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
#pragma warning restore CA5350
        if (isGit)
            _hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Size}\0")));
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
