namespace LmPlayground.Models.Onnx;

/// <summary>How a graph is loaded.</summary>
public sealed record OnnxLoadOptions
{
    /// <summary>How many threads one run uses; 0 for the physical cores that the process may use. The results do not depend on it.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>
    /// Whether the threads of a run wait for their next piece of work by spinning, and sleep between runs, rather than always sleep. Faster where
    /// the cores are free, slower where runs compete for them. The results do not depend on it.
    /// </summary>
    public bool SpinInRuns { get; init; }

    /// <summary>The .onnx file to take, as a path inside the folder; null for the variant that runs best on a processor.</summary>
    public string? FileName { get; init; }
}
