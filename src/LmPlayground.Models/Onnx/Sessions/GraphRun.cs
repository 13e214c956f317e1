using LmPlayground.Models.Onnx.Memory;
using LmPlayground.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>Runs a graph so that it can be stopped, for one caller after the other.</summary>
internal sealed class GraphRun : IDisposable
{
    // ONNX Runtime would write to the console what is thrown anyway.
    private readonly RunOptions _options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    /// <summary>Runs the graph over what is bound.</summary>
    /// <param name="binding">Inputs and outputs.</param>
    /// <param name="length">How many tokens were read before, for the message of an error.</param>
    /// <param name="cancellationToken">Stops between operators.</param>
    /// <exception cref="OperationCanceledException">Cancelled before or inside the run; outputs are undefined.</exception>
    /// <exception cref="ModelRunException">ONNX Runtime failed; outputs are undefined.</exception>
    public void Start(SessionBinding binding, int length, CancellationToken cancellationToken)
    {
        try
        {
            binding.Run(_options, cancellationToken);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelRunException($"The model failed after {length} tokens: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _options.Dispose();
}
