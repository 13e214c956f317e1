using LmPlayground.Models.Onnx.Graph;

namespace LmPlayground.Models.Catalog;

/// <summary>What shows that a folder holds a model.</summary>
internal static class ModelFiles
{
    /// <summary>Whether a folder looks like that of a model: it holds a graph, or what describes one.</summary>
    public static bool AreIn(string directory) => AreIn(FolderListing.Read(directory));

    /// <inheritdoc cref="AreIn(string)"/>
    public static bool AreIn(FolderListing listing) =>
        listing.Has("config.json") || listing.Has("lm.json") || listing.Has(GenaiConfig.FileName) || listing.HasGraph;
}
