using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Reading;

namespace LmPlayground.Sharing.Links;

/// <summary>
/// A whole demo in the part of an address after "#", which no browser sends to a server: "d1.deflate." and the document in zlib's format (DEFLATE with a
/// checksum), which every browser unpacks, in base64url.
/// </summary>
/// <remarks>
/// Version and codec stand in front, so that a link opens for ever. It cannot be revoked. Where the whole demo does not fit, histograms and then
/// candidates are left out, step by step; the tokens that were chosen stay.
/// </remarks>
public static class DemoLink
{
    /// <summary>The most characters of a link, without the "#".</summary>
    public const int MostCharacters = 8_192;

    /// <summary>The most bytes that a link may unpack to: more than any link that is made has.</summary>
    public const int MostBytes = 2 << 20;

    /// <summary>How a link is written, which stands at its beginning.</summary>
    public const string Version = "d1";

    /// <summary>How its document is compressed, as browsers call it: zlib's format.</summary>
    public const string Codec = "deflate";

    /// <summary>How many candidates a token has at most, from step to step; 0 leaves the chosen one alone.</summary>
    private static readonly int[] Steps = [20, 15, 10, 7, 5, 3, 2, 1, 0];

    /// <summary>The link of a demo, with as much of it as fits.</summary>
    /// <param name="demo">The demo.</param>
    /// <exception cref="SharedDemoException">Not even the chosen tokens alone fit.</exception>
    public static DemoLinkText Write(SharedDemo demo)
    {
        var most = MostCandidates(demo);
        if (TryWrite(demo) is { } whole)
            return new DemoLinkText(whole, most, demo.Runs.Any(run => run.Steps.Tail is not null), IsWhole: true);
        foreach (var candidates in Steps.Where(count => count < most).Prepend(most))
        {
            var smaller = DemoTrimmer.Trim(demo, candidates);
            if (TryWrite(smaller) is { } text)
                return new DemoLinkText(text, MostCandidates(smaller), HasLogits: false, IsWhole: false);
        }

        throw new SharedDemoException(
            "link.too_long",
            $"The demo is too large for a link that holds all of it: {MostCharacters:N0} characters are the most. Store it, or share fewer tokens.");
    }

    /// <summary>The demo of a link.</summary>
    /// <param name="fragment">What stands after the "#", which may be there too.</param>
    /// <exception cref="SharedDemoException">It is no link of a demo that can be opened.</exception>
    public static SharedDemo Read(string fragment)
    {
        fragment = fragment.StartsWith('#') ? fragment[1..] : fragment;
        if (fragment.Length > MostCharacters)
            throw Refused("too_long", $"The link has {fragment.Length:N0} characters, and {MostCharacters:N0} are the most that are read.");
        var parts = fragment.Split('.');
        if (parts.Length != 3 || parts[0] is not ['d', ..] || !int.TryParse(parts[0].AsSpan(1), out _))
            throw Refused("not_a_demo", $"The link holds no demo: it was cut, or is another one.");
        if (parts[0] != Version)
            throw Refused("version", $"The link is written as \"{Shown(parts[0])}\", and this playground reads \"{Version}\": open it in a newer one.");
        if (parts[1] != Codec)
            throw Refused("codec", $"The link is packed as \"{Shown(parts[1])}\", and this playground unpacks \"{Codec}\": open it in a newer one.");
        return SharedDemoReader.Read(Unpack(parts[2]));
    }

    private static string? TryWrite(SharedDemo demo)
    {
        var document = DemoJson.Write(demo);
        if (document.Length > MostBytes)
            return null;
        var text = $"{Version}.{Codec}.{Base64Url.EncodeToString(Compress(document))}";
        return text.Length <= MostCharacters ? text : null;
    }

    /// <summary>A document as small as DEFLATE makes it.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> document)
    {
        const int Best = 9;
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, new ZLibCompressionOptions { CompressionLevel = Best }, leaveOpen: true))
            stream.Write(document);
        return packed.ToArray();
    }

    private static byte[] Unpack(string text)
    {
        if (!Base64Url.IsValid(text))
            throw Damaged();
        var packed = Base64Url.DecodeFromChars(text);
        using var document = new MemoryStream();
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);
            var buffer = new byte[1 << 14];
            for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                if (document.Length + read > MostBytes)
                    throw Refused("too_large", $"The link unpacks to more than {MostBytes:N0} bytes, which no link of a demo does.");
                document.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }

        // The stream asks neither for its end nor for what stands behind it: the checksum is the last of both.
        var isWhole = packed.Length > 4 && BinaryPrimitives.ReadUInt32BigEndian(packed.AsSpan()[^4..]) == Adler32(document.GetBuffer().AsSpan(0, (int)document.Length));
        return isWhole ? document.ToArray() : throw Damaged();
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint Modulus = 65_521;
        var (low, high) = (1u, 0u);
        foreach (var value in bytes)
        {
            low = (low + value) % Modulus;
            high = (high + low) % Modulus;
        }

        return (high << 16) | low;
    }

    private static int MostCandidates(SharedDemo demo) => demo.Runs.SelectMany(run => run.Steps.Candidates.Counts).DefaultIfEmpty(0).Max();

    private static SharedDemoException Refused(string code, FormattableString message) => new($"link.{code}", message);

    private static SharedDemoException Damaged() => Refused("damaged", $"The link is damaged: it was cut, or a character of it was changed.");

    /// <summary>The beginning of a stranger's name, its plain letters and digits alone.</summary>
    private static string Shown(string name)
    {
        var shown = new StringBuilder();
        foreach (var letter in name.AsSpan(0, Math.Min(name.Length, 16)))
            shown.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '?');
        return shown.ToString();
    }
}

/// <summary>A link that holds a demo.</summary>
/// <param name="Fragment">What stands after the "#" of the address.</param>
/// <param name="Candidates">How many candidates a token still has at most.</param>
/// <param name="HasLogits">Whether other settings can be tried on it.</param>
/// <param name="IsWhole">Whether nothing was left out.</param>
public sealed record DemoLinkText(string Fragment, int Candidates, bool HasLogits, bool IsWhole);
