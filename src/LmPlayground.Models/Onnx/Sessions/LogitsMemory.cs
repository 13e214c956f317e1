using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>Where a session's logits are written: one row of its own for one-token steps, a lent buffer for more.</summary>
internal sealed unsafe class LogitsMemory : IDisposable
{
    private readonly BufferPool _pool;
    private readonly GraphTensor _tensor;
    private readonly int _vocabularySize;
    private readonly NativeBuffer _row;
    private readonly NativeBuffer? _convertedRow;
    private NativeBuffer? _rows;
    private NativeBuffer? _convertedRows;

    /// <summary>Makes the row.</summary>
    public LogitsMemory(BufferPool pool, GraphTensor tensor, int vocabularySize)
    {
        _pool = pool;
        _tensor = tensor;
        _vocabularySize = vocabularySize;
        _row = new NativeBuffer(BytesPerRow);
        if (!IsFloat)
            _convertedRow = new NativeBuffer((long)vocabularySize * sizeof(float));
    }

    /// <summary>How many rows can be seen as one span.</summary>
    public int MaxRows => int.MaxValue / _vocabularySize;

    /// <summary>How many bytes the graph writes for a row.</summary>
    public long BytesPerRow => (long)_vocabularySize * _tensor.ElementSize;

    /// <summary>Whether the place that was prepared is a lent one, and not the session's own row.</summary>
    public bool HasLentRows => _rows is not null;

    private bool IsFloat => _tensor.ElementType == TensorElementType.Float;

    /// <summary>The place for <paramref name="rows"/> rows in the graph's type. What was shown before is no longer valid.</summary>
    public byte* Prepare(int rows)
    {
        Release();
        if (rows == 1)
            return _row.Pointer;
        _rows = _pool.Rent(rows * BytesPerRow);
        return _rows.Pointer;
    }

    /// <summary>What the graph wrote, as floats: without a copy where it writes floats.</summary>
    public Logits View(int rows)
    {
        var written = _rows ?? _row;
        var count = rows * _vocabularySize;
        if (IsFloat)
            return new Logits(written.AsSpan<float>(count), _vocabularySize);
        var converted = rows == 1 ? _convertedRow! : _convertedRows ??= _pool.Rent((long)count * sizeof(float));
        var values = converted.AsSpan<float>(count);
        Widen(_tensor.ElementType, written, values);
        return new Logits(values, _vocabularySize);
    }

    /// <summary>Half or bfloat16 values as floats.</summary>
    public static void Widen(TensorElementType type, NativeBuffer written, Span<float> values)
    {
        if (type == TensorElementType.Float16)
            TensorPrimitives.ConvertToSingle(written.AsSpan<Half>(values.Length), values);
        else
            WidenBrainFloat(written.AsSpan<ushort>(values.Length), values);
    }

    /// <summary>Gives lent buffers back.</summary>
    public void Release()
    {
        if (_rows is not null)
            _pool.Return(_rows);
        if (_convertedRows is not null)
            _pool.Return(_convertedRows);
        _rows = null;
        _convertedRows = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _row.Dispose();
        _convertedRow?.Dispose();
    }

    private static void WidenBrainFloat(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        // bfloat16 is the upper half of a float.
        for (var i = 0; i < source.Length; i++)
            destination[i] = Unsafe.BitCast<uint, float>((uint)source[i] << 16);
    }
}
