using LmPlayground.Models.Hub;

namespace LmPlayground.Runs.Work;

/// <summary>Tells on the thread that reports, in order.</summary>
/// <param name="told">Called with each report.</param>
public sealed class DirectProgress(Action<DownloadProgress> told) : IProgress<DownloadProgress>
{
    /// <inheritdoc/>
    public void Report(DownloadProgress value) => told(value);
}
