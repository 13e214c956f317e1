using System.Collections.Frozen;
using System.Collections.Immutable;

namespace LmPlayground.Web.Sharing;

/// <summary>The recorded demos of the gallery, which are parts of the program. Thread-safe.</summary>
internal sealed class RecordedDemos
{
    /// <summary>How their documents are compressed.</summary>
    internal const string Codec = "br";

    private const string Folder = "demos/";

    private readonly FrozenDictionary<string, RecordedDemo> _byId;

    /// <summary>Reads the list; a document is read when it is asked for.</summary>
    public RecordedDemos()
    {
        using var list = Open(RecordedDemoList.File)!;
        List = RecordedDemoList.Read(list);
        _byId = List.All.Where(demo => typeof(RecordedDemos).Assembly.GetManifestResourceInfo(Folder + demo.File) is not null).ToFrozenDictionary(demo => demo.Id);
        All = [.. List.All.Where(demo => _byId.ContainsKey(demo.Id))];
    }

    /// <summary>The list that they are made of.</summary>
    internal RecordedDemoList List { get; }

    /// <summary>Those that were recorded, in the order of the gallery.</summary>
    internal ImmutableArray<RecordedDemo> All { get; }

    /// <summary>The demo that a newcomer sees first; null while it was not recorded.</summary>
    internal RecordedDemo? First => Find(List.First.Id);

    /// <summary>The demo of an id, or null.</summary>
    internal RecordedDemo? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>A demo's document, compressed.</summary>
    internal static byte[] Read(RecordedDemo demo)
    {
        using var packed = Open(demo.File)!;
        var document = new byte[packed.Length];
        packed.ReadExactly(document);
        return document;
    }

    private static Stream? Open(string file) => typeof(RecordedDemos).Assembly.GetManifestResourceStream(Folder + file);
}
