using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>One tensor of the key-value cache: what one layer remembers as keys, as values, or as both.</summary>
/// <remarks>
/// In memory it is <see cref="Outer"/> blocks (heads, for a batch of one) of positions, each of <see cref="Inner"/> values,
/// whatever the number of its dimensions. Where positions are the last dimension, <see cref="Inner"/> is 1.
/// </remarks>
internal sealed partial class CacheTensor
{
    private readonly ImmutableArray<long> _shape;
    private readonly int _axis;

    private CacheTensor(GraphTensor past, GraphTensor present, int layer, ImmutableArray<long> shape, int axis)
    {
        Past = past;
        Present = present;
        Layer = layer;
        _shape = shape;
        _axis = axis;
        Outer = shape.Take(axis).Aggregate(1L, (a, b) => a * b);
        Inner = shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
    }

    /// <summary>The input.</summary>
    public GraphTensor Past { get; }

    /// <summary>The output that becomes the next run's input.</summary>
    public GraphTensor Present { get; }

    /// <summary>Which layer it belongs to.</summary>
    public int Layer { get; }

    /// <summary>How many dimensions it has.</summary>
    public int Rank => _shape.Length;

    /// <summary>Which dimension counts positions.</summary>
    public int Axis => _axis;

    /// <summary>How many blocks of positions lie one after the other.</summary>
    public long Outer { get; }

    /// <summary>How many values a position has in one block.</summary>
    public long Inner { get; }

    /// <summary>How many bytes one position has over all blocks.</summary>
    public long BytesPerPosition => Outer * Inner * Past.ElementSize;

    /// <summary>Writes the shape for <paramref name="positions"/> positions.</summary>
    public void ShapeFor(long positions, Span<long> shape)
    {
        _shape.CopyTo(shape);
        shape[_axis] = positions;
    }

    /// <summary>Finds the cache among a graph's inputs and outputs, in the order of layers.</summary>
    /// <exception cref="ModelLoadException">A past without a present, an unknown type, or a shape that nothing determines.</exception>
    public static ImmutableArray<CacheTensor> FindAll(GraphInterface graph, DecoderConfig? config, string configPath) =>
        Find(graph, PastNames(), graph, PresentNames(), config, configPath);

    /// <summary>Finds what an encoder-decoder remembers of its source: outputs of the run that begins a sequence, inputs of all later ones.</summary>
    /// <exception cref="ModelLoadException">A past without a present, an unknown type, or a shape that nothing determines.</exception>
    public static ImmutableArray<CacheTensor> FindSource(GraphInterface next, GraphInterface first, DecoderConfig? config, string configPath) =>
        Find(next, SourcePastNames(), first, SourcePresentNames(), config, configPath);

    private static ImmutableArray<CacheTensor> Find(
        GraphInterface graph, Regex pasts, GraphInterface writer, Regex presentNames, DecoderConfig? config, string configPath)
    {
        Dictionary<(int, string), GraphTensor> presents = [];
        foreach (var output in writer.Outputs)
        {
            if (Match(presentNames, output) is { } key)
                presents[key] = output;
        }

        List<(CacheTensor Tensor, string Part)> found = [];
        foreach (var past in graph.Inputs)
        {
            if (Match(pasts, past) is not { } key)
                continue;
            var present = presents.GetValueOrDefault(key) ?? throw writer.Unusable($"has no output for the input '{past.Name}' (present.{key.Layer}.{key.Part}).");
            if (!past.IsFloatingPoint || present.ElementType != past.ElementType)
                throw graph.Unusable($"the key-value cache '{past.Name}' has the type {past.ElementType}; float and float16 are known.");
            found.Add((Describe(graph, past, present, key, config, configPath), key.Part));
        }

        return [.. found.OrderBy(f => f.Tensor.Layer).ThenBy(f => f.Part, StringComparer.Ordinal).Select(f => f.Tensor)];
    }

    private static (int Layer, string Part)? Match(Regex names, GraphTensor tensor)
    {
        var match = names.Match(tensor.Name);
        if (!match.Success)
            return null;
        var part = match.Groups["part"].Value;
        return (int.Parse(match.Groups["layer"].ValueSpan, CultureInfo.InvariantCulture), part.Length == 0 ? "key_value" : part);
    }

    private static CacheTensor Describe(GraphInterface graph, GraphTensor past, GraphTensor present, (int Layer, string Part) key, DecoderConfig? config, string configPath)
    {
        var dims = past.Dimensions;
        switch (dims.Length)
        {
            case 4:
                // [batch, heads, positions, head size]
                return new CacheTensor(past, present, key.Layer, [1, Or(dims[1], config?.KeyValueHeads, "num_key_value_heads"), 0, Or(dims[3], config?.HeadSize, "head_dim")], 2);
            case 3 when key.Part == "key_value":
                // GPT-BigCode: [batch, positions, keys and values]
                return new CacheTensor(past, present, key.Layer, [1, 0, Or(dims[2], layer => 2 * config?.HeadSize(layer), "head_dim")], 1);
            case 3 when dims[1] > 0 || dims[2] > 0:
                // Older BLOOM: keys [batch x heads, head size, positions], values [batch x heads, positions, head size]
                var heads = Or(dims[0], config?.Heads, "n_head");
                return dims[1] > 0
                    ? new CacheTensor(past, present, key.Layer, [heads, dims[1], 0], 2)
                    : new CacheTensor(past, present, key.Layer, [heads, 0, dims[2]], 1);
            default:
                throw graph.Unusable($"the key-value cache has an unknown shape: {past}.");
        }

        long Or(int declared, Func<int, int?>? configured, string name)
        {
            if (declared > 0)
                return declared;
            return configured?.Invoke(key.Layer) ?? throw new ModelLoadException(configPath, $"'{name}' is needed, since the graph leaves it open ({past}). {(config is null ? "The file is missing." : "The file does not give it.")}");
        }
    }

    // past_key_values.0.key, past_key_values.0.decoder.key, past_key_values.0.key_value, past.0.key, past_0, past_key_0
    [GeneratedRegex(@"^past(?:_key_values)?[._](?<layer>\d{1,4})(?:[._](?:decoder[._])?(?<part>key|value|key_value))?$|^past_(?<part>key|value)s?[._](?<layer>\d{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex PastNames();

    [GeneratedRegex(@"^present(?:_key_values)?[._](?<layer>\d{1,4})(?:[._](?:decoder[._])?(?<part>key|value|key_value))?$|^present_(?<part>key|value)s?[._](?<layer>\d{1,4})$", RegexOptions.CultureInvariant)]
    private static partial Regex PresentNames();

    [GeneratedRegex(@"^past(?:_key_values)?[._](?<layer>\d{1,4})[._]encoder[._](?<part>key|value)$", RegexOptions.CultureInvariant)]
    private static partial Regex SourcePastNames();

    [GeneratedRegex(@"^present(?:_key_values)?[._](?<layer>\d{1,4})[._]encoder[._](?<part>key|value)$", RegexOptions.CultureInvariant)]
    private static partial Regex SourcePresentNames();
}
