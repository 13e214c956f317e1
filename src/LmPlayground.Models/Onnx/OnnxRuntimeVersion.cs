using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx;

/// <summary>Which ONNX Runtime computes: another one may give other last bits.</summary>
public static class OnnxRuntimeVersion
{
    /// <summary>The version of the library: "1.31.1".</summary>
    public static string Current { get; } = typeof(InferenceSession).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>What of it computes: "cpu".</summary>
    public const string ExecutionProvider = "cpu";
}
