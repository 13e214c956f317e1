using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LmPlayground.Demos;

/// <summary>
/// The id in a stored demo's link: 128 bits that follow from the owner's secret, the document and a generation, and from nothing else. So the
/// same document of the same owner has the same link, nobody without the secret can guess one, and a revoked document shared anew gets
/// another. A server keeps only the <see cref="Hash"/>.
/// </summary>
public readonly record struct DemoId
{
    /// <summary>How many symbols an id has.</summary>
    public const int Length = 26;

    private const int Bits = 128;
    private const int BitsPerSymbol = 5;

    private readonly string? _text;

    private DemoId(string text) => _text = text;

    /// <summary>What a server keeps of the id.</summary>
    public Hash256 Hash => Hash256.Of(Encoding.ASCII.GetBytes(ToString()));

    /// <summary>The id of a document that an owner shares for the first time (generation 0), or again after revoking it.</summary>
    public static DemoId Of(OwnerSecret owner, Hash256 document, int generation)
    {
        ArgumentNullException.ThrowIfNull(owner);
        Span<byte> message = stackalloc byte[Hash256.Length + 2 * sizeof(int)];
        document.ToArray().CopyTo(message);
        BinaryPrimitives.WriteInt32BigEndian(message[Hash256.Length..], generation);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];

        // A word that nobody wants in a link is found once in a hundred ids; the next number makes another id.
        for (var nonce = 0; ; nonce++)
        {
            BinaryPrimitives.WriteInt32BigEndian(message[(Hash256.Length + sizeof(int))..], nonce);
            HMACSHA256.HashData(owner.Key, message, digest);
            var text = Write(BinaryPrimitives.ReadUInt128BigEndian(digest));
            if (!DemoAlphabet.SpellsBadWord(text))
                return new DemoId(text);
        }
    }

    /// <summary>Reads the id of a link; only how it is written is checked.</summary>
    public static bool TryParse(string? text, out DemoId id)
    {
        id = default;
        if (text?.Length != Length || text.AsSpan().ContainsAnyExcept(DemoAlphabet.All))
            return false;

        // 26 symbols hold 130 bits; of the last one only those symbols occur that leave two bits unset.
        if (DemoAlphabet.Symbols.IndexOf(text[^1], StringComparison.Ordinal) % (1 << (Length * BitsPerSymbol - Bits)) != 0)
            return false;
        id = new DemoId(text);
        return true;
    }

    /// <summary>The id as it stands in a link.</summary>
    public override string ToString() => _text ?? new string(DemoAlphabet.Symbols[0], Length);

    private static string Write(UInt128 bits) => string.Create(Length, bits, (symbols, bits) =>
    {
        for (var index = 0; index < symbols.Length; index++)
        {
            var shift = Bits - BitsPerSymbol * (index + 1);
            var value = shift >= 0 ? bits >> shift : bits << -shift;
            symbols[index] = DemoAlphabet.Symbols[(int)(value & 31)];
        }
    });
}
