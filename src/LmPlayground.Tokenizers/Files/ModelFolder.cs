namespace LmPlayground.Tokenizers.Files;

/// <summary>A model's folder, out of which nothing that is read may lead.</summary>
/// <remarks>
/// In the cache of a hub the files of a snapshot are links to its repository's own <c>blobs</c> folder; there, and nowhere else, a link may
/// lead out.
/// </remarks>
internal sealed class ModelFolder
{
    private readonly string _realRoot;
    private readonly string? _blobs;

    /// <param name="directory">The folder.</param>
    /// <exception cref="ModelLoadException">There is no such folder.</exception>
    public ModelFolder(string directory)
    {
        Directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (!System.IO.Directory.Exists(Directory))
            throw new ModelLoadException(Directory, "there is no such folder.");
        _realRoot = RealPath(Directory);
        _blobs = HubLayout.BlobsOf(Directory) is { } blobs && System.IO.Directory.Exists(blobs) && RealPath(blobs) is var real
            && real == Path.Combine(RealPath(Path.GetDirectoryName(blobs)!), Path.GetFileName(blobs)) ? real : null;
    }

    /// <summary>The folder's full path.</summary>
    public string Directory { get; }

    /// <summary>The full path of a file, or null where there is none.</summary>
    /// <param name="name">Its path inside the folder.</param>
    /// <exception cref="ModelLoadException">It leads out of the folder.</exception>
    public string? Find(string name)
    {
        var path = Path.GetFullPath(Path.Combine(Directory, name));
        var file = new FileInfo(path);
        if (!file.Exists && file.LinkTarget is null)
            return null;
        var real = RealPath(path);
        if (!real.StartsWith(_realRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal) && (_blobs is null || Path.GetDirectoryName(real) != _blobs))
            throw new ModelLoadException(path, "leads out of the model's folder; put the file itself there.");
        return file.Exists ? path : throw new ModelLoadException(path, "is a link to a file that does not exist.");
    }

    /// <summary>Reads a JSON file, or null where there is none.</summary>
    public JsonSource? ReadJson(string name) => Find(name) is { } path ? JsonSource.Read(path) : null;

    /// <summary>The graphs and weights in the folder, by their paths inside it; each is checked as <see cref="Find"/> does.</summary>
    public IReadOnlyList<string> FindWeights()
    {
        var names = new List<string>();
        foreach (var subfolder in (string[])["", "onnx"])
        {
            var directory = Path.Combine(Directory, subfolder);
            if (!System.IO.Directory.Exists(directory))
                continue;
            foreach (var file in System.IO.Directory.EnumerateFiles(directory))
            {
                var name = Path.GetFileName(file);
                if (name.Contains(".onnx", StringComparison.Ordinal) || name.EndsWith(".data", StringComparison.Ordinal))
                    names.Add(subfolder.Length == 0 ? name : $"{subfolder}/{name}");
            }
        }

        foreach (var name in names)
            Find(name);
        return names;
    }

    /// <summary>A file's path inside the folder, with forward slashes.</summary>
    public string NameOf(string path) => Path.GetRelativePath(Directory, Path.GetFullPath(Path.Combine(Directory, path))).Replace('\\', '/');

    /// <summary>A path with every link on the way replaced by what it leads to.</summary>
    private static string RealPath(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        foreach (var part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            try
            {
                // The final target may itself lie behind linked folders.
                var target = new FileInfo(next).ResolveLinkTarget(returnFinalTarget: true);
                real = target is null ? next : RealPath(target.FullName);
            }
            catch (IOException e)
            {
                throw new ModelLoadException(path, $"its links cannot be followed: {e.Message}", e);
            }
        }

        return real;
    }
}
