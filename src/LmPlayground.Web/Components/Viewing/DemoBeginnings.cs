using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using LmPlayground.Sharing.Reading;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Components.Viewing;

/// <summary>The beginnings of the recorded demos, each read once for each language. Thread-safe.</summary>
/// <param name="demos">The recorded demos.</param>
/// <param name="words">What columns are called.</param>
internal sealed class DemoBeginnings(RecordedDemos demos, PageWords words)
{
    private readonly ConcurrentDictionary<(string Name, string Language), DemoBeginning> _known = [];

    /// <summary>The demo that a newcomer sees first, and how it begins; null where none was recorded.</summary>
    internal (RecordedDemo Demo, DemoBeginning Beginning)? First => demos.First is { } first ? (first, Of(first)) : null;

    /// <summary>How a recorded demo begins.</summary>
    internal DemoBeginning Of(RecordedDemo demo) =>
        _known.GetOrAdd((demo.Name, CultureInfo.CurrentUICulture.Name), _ => DemoBeginning.Of(new DemoView(SharedDemoReader.Read(Unpack(demo))), words));

    private static byte[] Unpack(RecordedDemo demo)
    {
        using var packed = new BrotliStream(new MemoryStream(RecordedDemos.Read(demo)), CompressionMode.Decompress);
        using var document = new MemoryStream();
        packed.CopyTo(document);
        return document.ToArray();
    }
}
