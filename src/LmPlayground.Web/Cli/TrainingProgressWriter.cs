using System.Globalization;
using LmPlayground.Models.NGram.Training;

namespace LmPlayground.Web.Cli;

/// <summary>Says on the error stream how far the counting of a model is: one line for each stage, and every few seconds how much of it is done.</summary>
internal sealed class TrainingProgressWriter(TextWriter error, TimeProvider time) : IProgress<NGramTrainingProgress>, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly long _started = time.GetTimestamp();
    private string? _stage;
    private long _written;

    public void Report(NGramTrainingProgress value)
    {
        if (value.Stage == _stage && time.GetElapsedTime(_written) < Pause)
            return;
        _written = time.GetTimestamp();
        error.WriteLine(value.Stage == _stage
            ? string.Create(CultureInfo.InvariantCulture, $"{value.Stage}: {value.Share:P0}")
            : value.Stage + " ...");
        _stage = value.Stage;
    }

    /// <summary>Says how long it took.</summary>
    public void Dispose()
    {
        if (_stage is not null)
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(_started).TotalSeconds:F1} s"));
        _stage = null;
    }
}
