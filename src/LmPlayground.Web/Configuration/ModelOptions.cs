namespace LmPlayground.Web.Configuration;

/// <summary>Where models are found.</summary>
public sealed class ModelOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Models";

    /// <summary>The environment variable with further folders, separated as in PATH.</summary>
    public const string EnvironmentVariable = "LMPLAYGROUND_MODELS";

    /// <summary>Folders of further models: each a model, or a folder of models.</summary>
    public IList<string> Directories { get; } = [];

    /// <summary>How many threads one model computes with; 0 takes one for each core.</summary>
    public int Threads { get; set; }

    /// <summary>
    /// Whether the threads of a model spin while a run is inside it, and sleep between runs, rather than always sleep: faster for one run on a
    /// quiet machine. The same tokens either way.
    /// </summary>
    public bool SpinInRuns { get; set; } = true;

    /// <summary>
    /// How much memory all models together may take, in bytes; 0 takes half of the machine's (or of the container's). At the limit the least
    /// recently used ones are unloaded, never one that a run uses.
    /// </summary>
    public long MemoryLimit { get; set; }

    /// <summary>Whether pages may take models out of memory. Null allows it to visitors at this machine.</summary>
    public bool? AllowUnload { get; set; }

    /// <summary><see cref="MemoryLimit"/> in bytes.</summary>
    internal long EffectiveMemoryLimit => MemoryLimit > 0 ? MemoryLimit : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
}
