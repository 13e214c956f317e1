using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>What an .onnx file says of itself without its weights being read: the operators it uses and the files it refers to.</summary>
/// <remarks>Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.</remarks>
internal sealed class OnnxFile
{
    private const int DeepestGraph = 16;

    private readonly SortedSet<string> _operators = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _externalData = new(StringComparer.Ordinal);

    private OnnxFile()
    {
    }

    /// <summary>The types of operators in the graph, its branches and its functions.</summary>
    public IReadOnlySet<string> Operators => _operators;

    /// <summary>Where the weights lie that are not in the file: paths as written in it, relative to its folder.</summary>
    public IReadOnlySet<string> ExternalData => _externalData;

    /// <summary>Reads <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ModelLoadException">It cannot be read, is no ONNX model, or ends too early.</exception>
    public static OnnxFile Read(string path, string name)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 14);
            if (stream.Length == 0)
                throw new InvalidDataException("it is empty");
            OnnxFile file = new();
            if (!file.ReadModel(new ProtobufReader(stream), stream.Length))
                throw new InvalidDataException("it holds no graph");
            return file;
        }
        catch (InvalidDataException e)
        {
            throw new ModelLoadException(name, $"is not a whole ONNX model: {e.Message}.{(LfsPointer.Is(path) ? LfsPointer.Advice : "")}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(name, $"cannot be read: {e.Message}", e);
        }
    }

    private bool ReadModel(ProtobufReader reader, long end)
    {
        const int graph = 7, functions = 25;
        var any = false;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd < 0)
                continue;
            if (field == graph)
            {
                any = true;
                ReadGraph(reader, fieldEnd, 0);
            }
            else if (field == functions)
            {
                ReadFunction(reader, fieldEnd);
            }

            reader.SkipTo(fieldEnd, end);
        }

        return any;
    }

    private void ReadGraph(ProtobufReader reader, long end, int depth)
    {
        const int node = 1, initializer = 5;
        if (depth > DeepestGraph)
            throw new InvalidDataException($"graphs within graphs, more than {DeepestGraph} deep");
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd < 0)
                continue;
            if (field == node)
                ReadNode(reader, fieldEnd, depth);
            else if (field == initializer)
                ReadTensor(reader, fieldEnd);
            reader.SkipTo(fieldEnd, end);
        }
    }

    private void ReadFunction(ProtobufReader reader, long end)
    {
        const int node = 7;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd < 0)
                continue;
            if (field == node)
                ReadNode(reader, fieldEnd, 0);
            reader.SkipTo(fieldEnd, end);
        }
    }

    private void ReadNode(ProtobufReader reader, long end, int depth)
    {
        const int operatorType = 4, attribute = 5;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd < 0)
                continue;
            if (field == operatorType)
                _operators.Add(reader.ReadString(fieldEnd));
            else if (field == attribute)
                ReadAttribute(reader, fieldEnd, depth);
            reader.SkipTo(fieldEnd, end);
        }
    }

    private void ReadAttribute(ProtobufReader reader, long end, int depth)
    {
        const int tensor = 5, graph = 6, tensors = 10, graphs = 11;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd < 0)
                continue;
            if (field is tensor or tensors)
                ReadTensor(reader, fieldEnd);
            else if (field is graph or graphs)
                ReadGraph(reader, fieldEnd, depth + 1);
            reader.SkipTo(fieldEnd, end);
        }
    }

    private void ReadTensor(ProtobufReader reader, long end)
    {
        const int externalData = 13;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd < 0)
                continue;
            if (field == externalData)
                ReadExternalData(reader, fieldEnd);
            reader.SkipTo(fieldEnd, end);
        }
    }

    private void ReadExternalData(ProtobufReader reader, long end)
    {
        const int key = 1, value = 2;
        string? name = null, text = null;
        while (reader.TryReadField(end, out var field, out var fieldEnd))
        {
            if (fieldEnd < 0)
                continue;
            if (field == key)
                name = reader.ReadString(fieldEnd);
            else if (field == value)
                text = reader.ReadString(fieldEnd);
            reader.SkipTo(fieldEnd, end);
        }

        if (name == "location" && text is not null)
            _externalData.Add(text);
    }
}
