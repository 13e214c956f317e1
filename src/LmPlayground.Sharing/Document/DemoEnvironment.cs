using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using LmPlayground.Generation.Engine;
using LmPlayground.Models.Onnx;

namespace LmPlayground.Sharing.Document;

/// <summary>What besides model and settings decides the bits of a run.</summary>
public sealed record DemoEnvironment
{
    /// <summary>How many prompt tokens went through the model at once.</summary>
    public required int PromptChunk { get; init; }

    /// <summary>Which version of the rewriting of graphs was at work; 0 for none.</summary>
    public required int GraphRewriting { get; init; }

    /// <summary>What of ONNX Runtime computed: "cpu".</summary>
    public required string ExecutionProvider { get; init; }

    /// <summary>The version of this project.</summary>
    public required string Playground { get; init; }

    /// <summary>The version of .NET.</summary>
    public required string Runtime { get; init; }

    /// <summary>The version of ONNX Runtime.</summary>
    public required string OnnxRuntime { get; init; }

    /// <summary>The operating system: "linux".</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The processor's architecture: "x64".</summary>
    public required string Architecture { get; init; }

    /// <summary>What the processor can do that kernels choose by, in the order of their names: "avx2".</summary>
    public required ImmutableArray<string> ProcessorFeatures { get; init; }

    /// <summary>What is at work here.</summary>
    public static DemoEnvironment Current(GenerationEngine engine) => new()
    {
        PromptChunk = engine.PromptChunk,
        GraphRewriting = 0,
        ExecutionProvider = OnnxRuntimeVersion.ExecutionProvider,
        Playground = typeof(DemoEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Runtime = Environment.Version.ToString(),
        OnnxRuntime = OnnxRuntimeVersion.Current,
        OperatingSystem = Systems.FirstOrDefault(IsSystem) ?? "other",
        Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        ProcessorFeatures = [.. Features.Where(feature => feature.IsSupported).Select(feature => feature.Name).Order(StringComparer.Ordinal)],
    };

    private static string[] Systems => ["linux", "windows", "macos", "freebsd"];

    private static (string Name, bool IsSupported)[] Features =>
    [
        ("avx2", Avx2.IsSupported),
        ("fma", Fma.IsSupported),
        ("avx512f", Avx512F.IsSupported),
        ("avx512bw", Avx512BW.IsSupported),
        ("avx512vbmi", Avx512Vbmi.IsSupported),
        ("avx_vnni", AvxVnni.IsSupported),
        ("adv_simd", AdvSimd.IsSupported),
        ("dot_product", Dp.IsSupported),
    ];

    private static bool IsSystem(string name) => RuntimeInformation.IsOSPlatform(OSPlatform.Create(name.ToUpperInvariant()));
}
