using System.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx.Graph;

/// <summary>An input or output as the graph declares it.</summary>
internal sealed class GraphTensor
{
    private readonly byte[] _utf8Name;

    /// <summary>Takes name, type and shape from ONNX Runtime's description.</summary>
    public GraphTensor(string name, NodeMetadata metadata)
    {
        Name = name;
        IsTensor = metadata.IsTensor;
        ElementType = IsTensor ? metadata.ElementDataType : TensorElementType.DataTypeMax;
        Dimensions = IsTensor ? metadata.Dimensions : [];
        Symbols = IsTensor ? metadata.SymbolicDimensions : [];
        _utf8Name = Encoding.UTF8.GetBytes(name + "\0");
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Whether it is a dense tensor, and no sequence or map.</summary>
    public bool IsTensor { get; }

    /// <summary>The type of its values.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>The length of each dimension, -1 where it is symbolic.</summary>
    public int[] Dimensions { get; }

    /// <summary>The name of each symbolic dimension, empty where the length is known.</summary>
    public string[] Symbols { get; }

    /// <summary>The name in UTF-8, ended by a zero.</summary>
    public ReadOnlySpan<byte> Utf8Name => _utf8Name;

    /// <summary>Whether its values are int64 or int32.</summary>
    public bool IsInteger => ElementType is TensorElementType.Int64 or TensorElementType.Int32;

    /// <summary>Whether its values are float, half or bfloat16.</summary>
    public bool IsFloatingPoint => ElementType is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.BFloat16;

    /// <summary>How many bytes a value has.</summary>
    public int ElementSize => ElementType switch
    {
        TensorElementType.Int64 => 8,
        TensorElementType.Float or TensorElementType.Int32 => 4,
        TensorElementType.Float16 or TensorElementType.BFloat16 => 2,
        _ => 1,
    };

    /// <summary>How many bytes a tensor of this type and the given shape has.</summary>
    public long ByteLength(ReadOnlySpan<long> shape)
    {
        long length = ElementSize;
        foreach (var dimension in shape)
            length *= dimension;
        return length;
    }

    /// <summary>"int64 [batch_size, 12]", for messages.</summary>
    public override string ToString()
    {
        var shape = Dimensions.Select((d, i) => d >= 0 ? $"{d}" : Symbols[i].Length > 0 ? Symbols[i] : "?");
        return IsTensor ? $"{Name}: {ElementType} [{string.Join(", ", shape)}]" : $"{Name}: not a tensor";
    }
}
