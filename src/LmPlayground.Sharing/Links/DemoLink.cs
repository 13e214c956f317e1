using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Reading;

namespace LmPlayground.Sharing.Links;

/// <summary>
/// A whole demo in the part of an address after "#", which no browser sends to a server: "d1.br." and the document, compressed by Brotli, in base64url.
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

    private const string Version = "d1";
    private const string Brotli = "br";

    /// <summary>How many candidates a token has at most, from step to step; 0 leaves the chosen one alone.</summary>
    private static readonly int[] Steps = [20, 15, 10, 7, 5, 3, 2, 1, 0];

    /// <summary>The link of a demo, with as much of it as fits.</summary>
    /// <param name="demo">The demo.</param>
    /// <exception cref="SharedDemoException">Not even the chosen tokens alone fit.</exception>
    public static DemoLinkText Write(SharedDemo demo)
    {
        var most = demo.Runs.SelectMany(run => run.Steps.Candidates.Counts).DefaultIfEmpty(0).Max();
        if (TryWrite(demo) is { } whole)
            return new DemoLinkText(whole, most, demo.Runs.Any(run => run.Steps.Tail is not null), IsWhole: true);
        foreach (var candidates in Steps.Where(count => count < most).Prepend(most))
        {
            var smaller = DemoTrimmer.Trim(demo, candidates);
            if (TryWrite(smaller) is { } text)
                return new DemoLinkText(text, smaller.Runs.SelectMany(run => run.Steps.Candidates.Counts).DefaultIfEmpty(0).Max(), HasLogits: false, IsWhole: false);
        }

        throw new SharedDemoException(
            "link.too_long", $"The demo is too large for a link that holds all of it: {MostCharacters:N0} characters are the most. Store it, or share fewer tokens.");
    }

    /// <summary>The demo of a link.</summary>
    /// <param name="fragment">What stands after the "#", which may be there too.</param>
    /// <exception cref="SharedDemoException">It is no link of a demo that can be opened.</exception>
    public static SharedDemo Read(string fragment)
    {
        fragment = fragment.StartsWith('#') ? fragment[1..] : fragment;
        if (fragment.Length > MostCharacters)
            throw new SharedDemoException("link.too_long", $"The link has {fragment.Length:N0} characters, and {MostCharacters:N0} are the most that are read.");
        var parts = fragment.Split('.');
        if (parts.Length != 3 || parts[0] is not ['d', ..] || !int.TryParse(parts[0].AsSpan(1), out _))
            throw new SharedDemoException("link.not_a_demo", $"The link holds no demo: it was cut, or is another one.");
        if (parts[0] != Version)
            throw new SharedDemoException("link.version", $"The link is written as \"{Shown(parts[0])}\", and this playground reads \"{Version}\": open it in a newer one.");
        if (parts[1] != Brotli)
            throw new SharedDemoException("link.codec", $"The link is packed as \"{Shown(parts[1])}\", and this playground unpacks \"{Brotli}\": open it in a newer one.");
        return SharedDemoReader.Read(Unpack(parts[2]));
    }

    private static string? TryWrite(SharedDemo demo)
    {
        var document = DemoJson.Write(demo);
        if (document.Length > MostBytes)
            return null;
        var text = $"{Version}.{Brotli}.{Base64Url.EncodeToString(Compress(document))}";
        return text.Length <= MostCharacters ? text : null;
    }

    /// <summary>A document as small as Brotli makes it.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> document)
    {
        const int Best = 11;
        const int Window = 22;
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(document.Length)];
        return BrotliEncoder.TryCompress(document, packed, out var length, Best, Window)
            ? packed[..length]
            : throw new InvalidOperationException("The document could not be compressed.");
    }

    private static byte[] Unpack(string text)
    {
        if (!Base64Url.IsValid(text))
            throw Damaged();
        ReadOnlySpan<byte> packed = Base64Url.DecodeFromChars(text);
        using var decoder = new BrotliDecoder();
        using var document = new MemoryStream();
        var buffer = new byte[1 << 14];
        while (true)
        {
            var status = decoder.Decompress(packed, buffer, out var read, out var written);
            if (document.Length + written > MostBytes)
                throw new SharedDemoException("link.too_large", $"The link unpacks to more than {MostBytes:N0} bytes, which no link of a demo does.");
            document.Write(buffer, 0, written);
            packed = packed[read..];
            if (status == OperationStatus.Done)
                return packed.IsEmpty ? document.ToArray() : throw Damaged();
            if (status != OperationStatus.DestinationTooSmall)
                throw Damaged();
        }
    }

    private static SharedDemoException Damaged() => new("link.damaged", $"The link is damaged: it was cut, or a character of it was changed.");

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
