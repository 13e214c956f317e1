using LmPlayground.Models.Onnx.Graph;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Memory;

/// <summary>What one run reads and writes: the tensors of one sequence, bound by name to memory that the sequence owns.</summary>
internal sealed unsafe class SessionBinding : IDisposable
{
    /// <summary>Begins with nothing bound.</summary>
    public SessionBinding(InferenceSession session)
    {
        Binding = session.CreateIoBinding();
    }

    /// <summary>ONNX Runtime's object.</summary>
    public OrtIoBinding Binding { get; }

    /// <summary>Binds an input to <paramref name="data"/>.</summary>
    public void Input(GraphTensor tensor, void* data, params ReadOnlySpan<long> shape)
    {
        OrtNative.Bind(Binding, tensor.Utf8Name, isInput: true, data, tensor.ByteLength(shape), tensor.ElementType, shape);
    }

    /// <summary>Binds an output to <paramref name="data"/>.</summary>
    public void Output(GraphTensor tensor, void* data, params ReadOnlySpan<long> shape)
    {
        OrtNative.Bind(Binding, tensor.Utf8Name, isInput: false, data, tensor.ByteLength(shape), tensor.ElementType, shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Binding.Dispose();
    }
}
