using System.IO.Compression;
using LmPlayground.Sharing;

namespace LmPlayground.Web.Viewing;

/// <summary>Makes a document of what the source keeps, and never more than a document may have.</summary>
internal static class DemoUnpacker
{
    /// <summary>The document of a demo that was found.</summary>
    /// <exception cref="SharedDemoException">What is kept is no document.</exception>
    internal static byte[] Unpack(DemoFinding finding)
    {
        using var packed = new MemoryStream(finding.Document.ToArray(), writable: false);
        using var unpacked = new MemoryStream();
        try
        {
            using Stream stream = finding.Codec switch
            {
                "br" => new BrotliStream(packed, CompressionMode.Decompress),
                "gzip" => new GZipStream(packed, CompressionMode.Decompress),
                "none" => packed,
                _ => throw Broken(),
            };
            var buffer = new byte[81_920];
            for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                // One byte more than a document may have: its reader says so.
                unpacked.Write(buffer, 0, read);
                if (unpacked.Length > DemoLimits.Bytes)
                    break;
            }
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException or IOException)
        {
            throw Broken();
        }

        return unpacked.ToArray();
    }

    private static SharedDemoException Broken() => new("demo.packing", $"This demo is damaged: it cannot be unpacked.");
}
