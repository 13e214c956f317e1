using LmPlayground.Models.Onnx.Graph;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Memory;

/// <summary>What one run reads and writes: the tensors of one sequence, bound by name to memory that the sequence owns.</summary>
internal sealed unsafe class SessionBinding : IDisposable
{
    private readonly InferenceSession _session;

    /// <summary>Begins with nothing bound.</summary>
    public SessionBinding(InferenceSession session)
    {
        _session = session;
        Binding = session.CreateIoBinding();
    }

    /// <summary>ONNX Runtime's object.</summary>
    public OrtIoBinding Binding { get; }

    /// <summary>Binds an input to <paramref name="data"/>.</summary>
    public void Input(GraphTensor tensor, void* data, params ReadOnlySpan<long> shape) =>
        OrtNative.Bind(Binding, tensor.Utf8Name, isInput: true, data, tensor.ByteLength(shape), tensor.ElementType, shape);

    /// <summary>Binds an output to <paramref name="data"/>.</summary>
    public void Output(GraphTensor tensor, void* data, params ReadOnlySpan<long> shape) =>
        OrtNative.Bind(Binding, tensor.Utf8Name, isInput: false, data, tensor.ByteLength(shape), tensor.ElementType, shape);

    /// <summary>Runs the graph over what is bound.</summary>
    /// <exception cref="OperationCanceledException">Cancelled inside the run; outputs are undefined.</exception>
    /// <exception cref="OnnxRuntimeException">The graph failed; outputs are undefined.</exception>
    public void Run(RunOptions options, CancellationToken cancellationToken)
    {
        var registration = cancellationToken.UnsafeRegister(static o => ((RunOptions)o!).Terminate = true, options);
        try
        {
            _session.RunWithBinding(options, Binding);
        }
        catch (OnnxRuntimeException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The run inside the model was cancelled.", e, cancellationToken);
        }
        finally
        {
            // Waits for a callback under way, so that the flag is not set again after it was cleared.
            registration.Dispose();
            if (cancellationToken.IsCancellationRequested)
                options.Terminate = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Binding.Dispose();
}
