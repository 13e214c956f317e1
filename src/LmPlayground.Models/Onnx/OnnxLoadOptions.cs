namespace LmPlayground.Models.Onnx;

/// <summary>How a graph is loaded.</summary>
public sealed record OnnxLoadOptions
{
    /// <summary>How many threads one run uses; 0 for the physical cores that the process may use. The results do not depend on it.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>The .onnx file to take, as a path inside the folder; null for the variant that runs best on a processor.</summary>
    public string? FileName { get; init; }
}
