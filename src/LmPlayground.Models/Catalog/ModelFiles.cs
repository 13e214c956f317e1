using LmPlayground.Models.Onnx.Graph;

namespace LmPlayground.Models.Catalog;

/// <summary>What shows that a folder holds a model.</summary>
internal static class ModelFiles
{
    /// <summary>Whether a folder looks like that of a model: it holds a graph, or what describes one.</summary>
    public static bool AreIn(string directory) =>
        Directory.Exists(directory)
        && (File.Exists(Path.Combine(directory, "config.json"))
            || File.Exists(Path.Combine(directory, "lm.json"))
            || File.Exists(Path.Combine(directory, GenaiConfig.FileName))
            || HasGraph(directory)
            || HasGraph(Path.Combine(directory, "onnx")));

    private static bool HasGraph(string directory) =>
        Directory.Exists(directory) && Directory.EnumerateFiles(directory, "*.onnx").Any();
}
