using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>The inputs and outputs of a graph, found by name with errors that name the file.</summary>
internal sealed class GraphInterface
{
    private readonly string _file;
    private readonly Dictionary<string, GraphTensor> _inputs;
    private readonly Dictionary<string, GraphTensor> _outputs;

    /// <summary>Takes what <paramref name="session"/> declares; <paramref name="file"/> is what messages call it.</summary>
    public GraphInterface(InferenceSession session, string file)
    {
        _file = file;
        _inputs = session.InputMetadata.ToDictionary(p => p.Key, p => new GraphTensor(p.Key, p.Value), StringComparer.Ordinal);
        _outputs = session.OutputMetadata.ToDictionary(p => p.Key, p => new GraphTensor(p.Key, p.Value), StringComparer.Ordinal);
    }

    /// <summary>Every input.</summary>
    public IReadOnlyCollection<GraphTensor> Inputs => _inputs.Values;

    /// <summary>Every output.</summary>
    public IReadOnlyCollection<GraphTensor> Outputs => _outputs.Values;

    /// <summary>An input, or null where the graph has none of that name.</summary>
    public GraphTensor? FindInput(string name) => _inputs.GetValueOrDefault(name);

    /// <summary>An input of integers, or null where the graph has none of that name.</summary>
    public GraphTensor? FindIntegers(string name)
    {
        var tensor = FindInput(name);
        return tensor is null or { IsInteger: true } ? tensor : throw Unusable($"input '{name}' has the unexpected type {tensor.ElementType}; int64 and int32 are known.");
    }

    /// <summary>The input of token ids.</summary>
    public GraphTensor TokenInput(string name) =>
        FindIntegers(name) ?? throw Unusable($"has no input '{name}' for token ids; its inputs are {List(_inputs)}. Is it a language model's decoder?");

    /// <summary>An output of float, half or bfloat16.</summary>
    public GraphTensor FloatingOutput(string name)
    {
        var tensor = _outputs.GetValueOrDefault(name) ?? throw Unusable($"has no output '{name}'; its outputs are {List(_outputs)}.");
        return tensor.IsFloatingPoint ? tensor : throw Unusable($"output '{name}' has the unexpected type {tensor.ElementType}; float and float16 are known.");
    }

    /// <summary>Refuses a graph that wants something beyond <paramref name="known"/>: it would get the wrong value.</summary>
    public void RequireOnly(IEnumerable<GraphTensor> known)
    {
        HashSet<string> names = [.. known.Select(t => t.Name)];
        string[] unknown = [.. _inputs.Keys.Where(n => !names.Contains(n)).Select(n => $"'{n}'")];
        if (unknown.Length > 0)
            throw Unusable($"wants {(unknown.Length == 1 ? "the input" : "the inputs")} {string.Join(", ", unknown)}, which the playground does not know how to fill.");
    }

    /// <summary>What is thrown for a graph that cannot be used.</summary>
    public ModelLoadException Unusable(string reason) => new ModelLoadException(_file, reason);

    private static string List(Dictionary<string, GraphTensor> tensors)
    {
        const int most = 8;
        var names = string.Join(", ", tensors.Keys.Take(most).Select(n => $"'{n}'"));
        return tensors.Count > most ? $"{names} and {tensors.Count - most} more" : names;
    }
}
