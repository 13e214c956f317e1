using System.Collections.Immutable;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>One of several graphs of a model that differ in how their weights are stored.</summary>
/// <param name="Name">What the command line and the page call it: "q4".</param>
/// <param name="GraphName">The .onnx file's path inside the model's folder, with forward slashes.</param>
internal sealed record GraphVariant(string Name, string GraphName)
{
    /// <summary>The variant of a file without a suffix. Exporters mean full precision by it; what they store in it is theirs to choose.</summary>
    public const string Full = "full";

    /// <summary>
    /// The suffixes that Optimum and transformers.js give, what runs best on a processor first. Four bits: a third of the time a token takes
    /// in full precision, an eighth of the size, and the same bits at every run. Full precision next: exact and the same at every run. Then
    /// the dynamic eight bits, which are fast, but whose logits depend on what is read together, so that no seed brings a run back. Last those
    /// in half precision, which a processor must widen before it can compute.
    /// </summary>
    private static readonly ImmutableArray<(string Suffix, string Name)> Known =
    [
        ("_q4", "q4"), ("", Full), ("_quantized", "quantized"), ("_int8", "int8"), ("_uint8", "uint8"),
        ("_bnb4", "bnb4"), ("_q4f16", "q4f16"), ("_fp16", "fp16"),
    ];

    private static readonly ImmutableArray<string> Stems = ["model", "decoder_model_merged"];

    private static readonly ImmutableArray<string> Folders = ["", "onnx/"];

    /// <summary>The names of all variants, the preferred first.</summary>
    public static IEnumerable<string> Names => Known.Select(known => known.Name);

    /// <summary>The variants among the files of a model, one for each name, the preferred first.</summary>
    /// <param name="exists">Whether the model has the file of this path, with forward slashes.</param>
    public static IReadOnlyList<GraphVariant> Among(Func<string, bool> exists)
    {
        var found = new List<GraphVariant>();
        foreach (var (suffix, name) in Known)
        {
            var graph = (from stem in Stems from folder in Folders select $"{folder}{stem}{suffix}.onnx").FirstOrDefault(exists);
            if (graph is not null)
                found.Add(new GraphVariant(name, graph));
        }

        return found;
    }

    /// <summary>The variants in a folder.</summary>
    public static IReadOnlyList<GraphVariant> In(string directory) => Among(name => File.Exists(Path.Combine(directory, name)));

    /// <summary>
    /// Whether a file belongs to this variant: its graph, the encoder beside a decoder, and their external data
    /// (<c>X.onnx_data</c>, <c>X.onnx_data_1</c>, <c>X.onnx.data</c>).
    /// </summary>
    public bool Owns(string name) => BeginsAs(name, GraphName) || BeginsAs(name, GraphName.Replace("decoder_model_merged", "encoder_model", StringComparison.Ordinal));

    private static bool BeginsAs(string name, string graph) =>
        name.StartsWith(graph, StringComparison.Ordinal) && (name.Length == graph.Length || name[graph.Length] is '_' or '.');
}
