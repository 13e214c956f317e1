using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Models.Onnx.Memory;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>The buffers, values and bindings of a bare loop, made once and disposed together.</summary>
internal sealed unsafe class BareMemory(InferenceSession session) : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Zeroed memory, aligned to a cache line.</summary>
    internal nint Allocate(long bytes)
    {
        var buffer = new NativeBuffer(bytes);
        _owned.Add(buffer);
        return (nint)buffer.Pointer;
    }

    /// <summary>Room for integers in the width that the input declares.</summary>
    internal IntegerBuffer Integers(GraphTensor tensor, int count)
    {
        var buffer = new IntegerBuffer(tensor, count);
        _owned.Add(buffer);
        return buffer;
    }

    /// <summary>A tensor over memory that is already there.</summary>
    internal OrtValue Tensor(GraphTensor tensor, nint address, params long[] shape)
    {
        var value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, tensor.ElementType, shape, address, tensor.ByteLength(shape));
        _owned.Add(value);
        return value;
    }

    /// <summary>A binding with nothing bound.</summary>
    internal OrtIoBinding Binding()
    {
        var binding = session.CreateIoBinding();
        _owned.Add(binding);
        return binding;
    }

    public void Dispose()
    {
        // Bindings before the values that they hold, and values before their memory.
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
    }
}
