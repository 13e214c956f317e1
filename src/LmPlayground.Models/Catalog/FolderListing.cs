namespace LmPlayground.Models.Catalog;

/// <summary>The files of a folder that may hold a model, read from the disk once: its own and those of <c>onnx</c>.</summary>
internal sealed class FolderListing
{
    private const string Graphs = "onnx";

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private FolderListing(string directory) => Directory = directory;

    /// <summary>The folder, a full path.</summary>
    public string Directory { get; }

    /// <summary>Whether it or its folder of graphs holds a graph.</summary>
    public bool HasGraph { get; private set; }

    /// <summary>Reads the names. What cannot be read is empty.</summary>
    public static FolderListing Read(string directory)
    {
        var listing = new FolderListing(directory);
        listing.Add(directory, "");
        listing.Add(Path.Combine(directory, Graphs), Graphs + "/");
        return listing;
    }

    /// <summary>Whether there is a file of this path, with forward slashes.</summary>
    public bool Has(string name) => _names.Contains(name);

    private void Add(string directory, string prefix)
    {
        try
        {
            foreach (var file in System.IO.Directory.EnumerateFiles(directory))
            {
                var name = Path.GetFileName(file);
                HasGraph |= name.EndsWith(".onnx", StringComparison.Ordinal);
                _names.Add(prefix + name);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Most folders have no folder of graphs, and what may not be read is no model.
        }
    }
}
