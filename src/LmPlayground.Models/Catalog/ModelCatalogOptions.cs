namespace LmPlayground.Models.Catalog;

/// <summary>Where models are looked for, and how they are run.</summary>
public sealed class ModelCatalogOptions
{
    /// <summary>The folder of the models that come with the playground, or null for none.</summary>
    public string? EmbeddedDirectory { get; set; }

    /// <summary>Further folders, each the folder of one model or a folder of such folders.</summary>
    public IList<string> Directories { get; } = [];

    /// <summary>The cache of Hugging Face's tools on this machine (see <see cref="Hub.HubCache"/>), or null to leave it alone. It need not exist.</summary>
    public string? HubCacheDirectory { get; set; }

    /// <summary>Threads that one run of a model may use; 0 leaves it to ONNX Runtime (one for each physical core).</summary>
    public int IntraOpThreads { get; set; }

    /// <summary>As <see cref="Onnx.OnnxLoadOptions.SpinInRuns"/>.</summary>
    public bool SpinInRuns { get; set; } = true;

    /// <summary>
    /// How much memory all models together may take, in bytes, or null for no limit. At the limit those that nobody uses are unloaded.
    /// Sequences have caches of their own, which are not counted.
    /// </summary>
    public long? MemoryLimit { get; set; }
}
