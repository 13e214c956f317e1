using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>The files of a folder that make the graph: the .onnx file and the weights beside it.</summary>
internal sealed class GraphFiles
{
    private GraphFiles(string directory, string graphName, OnnxFile graph, IReadOnlyList<string> files)
    {
        Directory = directory;
        GraphName = graphName;
        Graph = graph;
        Files = files;
    }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>The .onnx file's path inside the folder, with forward slashes.</summary>
    public string GraphName { get; }

    /// <summary>What the .onnx file says of itself.</summary>
    public OnnxFile Graph { get; }

    /// <summary>The .onnx file and its external data, as paths inside the folder, in the order of their names.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The .onnx file, for messages and for ONNX Runtime.</summary>
    public string GraphPath => Path.Combine(Directory, GraphName);

    /// <summary>Finds the graph in <paramref name="directory"/> and checks that everything it refers to is there.</summary>
    /// <param name="directory">The model's folder.</param>
    /// <param name="graphName">The .onnx file to take, or null for the best known name.</param>
    /// <exception cref="ModelLoadException">There is no graph, it is broken, or a file of weights is missing or outside the folder.</exception>
    public static GraphFiles Open(string directory, string? graphName)
    {
        if (!System.IO.Directory.Exists(directory))
            throw new ModelLoadException(directory, "there is no such folder.");
        graphName ??= Find(directory) ?? throw NoGraph(directory);
        var path = Path.Combine(directory, graphName);
        if (new ModelFolder(directory).Find(graphName) is null || !System.IO.File.Exists(path))
            throw new ModelLoadException(path, "there is no such file.");
        var graph = OnnxFile.Read(path, path);
        List<string> files = [graphName];
        foreach (var location in graph.ExternalData)
            files.Add(Resolve(directory, path, location));
        files.Sort(StringComparer.Ordinal);
        return new GraphFiles(directory, graphName, graph, files);
    }

    /// <summary>A sentence on the graphs that a folder holds, for messages.</summary>
    public static string Listing(string directory)
    {
        string[] names = [.. System.IO.Directory.EnumerateFiles(directory, "*.onnx").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        return names.Length == 0 ? "It holds no .onnx file." : $"It holds {string.Join(", ", names)}.";
    }

    private static string? Find(string directory) =>
        GenaiConfig.TryRead(directory)?.GraphName ?? (GraphVariant.In(directory) is [var best, ..] ? best.GraphName : null);

    private static ModelLoadException NoGraph(string directory) =>
        new ModelLoadException(Path.Combine(directory, "model.onnx"), $"is missing. A model's folder has model.onnx or onnx/model.onnx. {Listing(directory)}");

    // ONNX Runtime 1.31 refuses such paths too, links that lead out of the folder included; this says so in plain words.
    private static string Resolve(string directory, string graphPath, string location)
    {
        var beside = Path.GetDirectoryName(Path.GetFullPath(graphPath))!;
        var full = Path.GetFullPath(Path.Combine(beside, location));
        if (Path.IsPathRooted(location) || !full.StartsWith(beside + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ModelLoadException(graphPath, $"refers to weights outside its folder ('{location}'). Only weights beside the .onnx file, or in folders there, are read.");
        if (!System.IO.File.Exists(full))
            throw new ModelLoadException(full, $"is missing: {Path.GetFileName(graphPath)} keeps weights in it. Download it into the same folder.");
        return Path.GetRelativePath(directory, full).Replace(Path.DirectorySeparatorChar, '/');
    }
}
