using LmPlayground.Models.Onnx.Graph;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx.Memory;

/// <summary>The values of one integer input (token ids, positions, mask), in the width that the graph declares.</summary>
internal sealed unsafe class IntegerBuffer : IDisposable
{
    private readonly bool _wide;
    private NativeBuffer _values;

    /// <summary>Makes room for <paramref name="capacity"/> zeros.</summary>
    public IntegerBuffer(GraphTensor tensor, int capacity)
    {
        Tensor = tensor;
        _wide = tensor.ElementType == TensorElementType.Int64;
        _values = new NativeBuffer((long)capacity * ElementSize);
        Capacity = capacity;
    }

    /// <summary>The input that these values are for.</summary>
    public GraphTensor Tensor { get; }

    /// <summary>How many values there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>The first value.</summary>
    public byte* Pointer => _values.Pointer;

    private int ElementSize => _wide ? sizeof(long) : sizeof(int);

    /// <summary>Sets one value.</summary>
    public int this[int index]
    {
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Capacity, nameof(index));
            if (_wide)
                ((long*)_values.Pointer)[index] = value;
            else
                ((int*)_values.Pointer)[index] = value;
        }
    }

    /// <summary>Sets <paramref name="count"/> values from <paramref name="start"/> on to <paramref name="value"/>.</summary>
    public void Fill(int start, int count, int value)
    {
        for (var i = start; i < start + count; i++)
            this[i] = value;
    }

    /// <summary>Makes room for at least <paramref name="capacity"/> values. Earlier values stay, new ones are zero; the address may change.</summary>
    /// <returns>Whether the address changed.</returns>
    public bool Grow(int capacity)
    {
        if (capacity <= Capacity)
            return false;
        NativeBuffer larger = new((long)capacity * ElementSize);
        Buffer.MemoryCopy(_values.Pointer, larger.Pointer, larger.Length, _values.Length);
        _values.Dispose();
        _values = larger;
        Capacity = capacity;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
