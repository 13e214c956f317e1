namespace LmPlayground.Models.Hub;

/// <summary>How far a download is.</summary>
/// <param name="Done">Bytes that are on disk, those of an earlier try included.</param>
/// <param name="Total">Bytes that are wanted.</param>
/// <param name="BytesPerSecond">The speed over the last seconds, or 0 while it is not known.</param>
public sealed record DownloadProgress(long Done, long Total, double BytesPerSecond)
{
    /// <summary>The share that is done: 0 to 1.</summary>
    public double Share => Total == 0 ? 1 : (double)Done / Total;

    /// <summary>The time left at this speed, or null while the speed is not known.</summary>
    public TimeSpan? TimeLeft => BytesPerSecond > 0 ? TimeSpan.FromSeconds((Total - Done) / BytesPerSecond) : null;
}

/// <summary>Counts bytes and tells how far a download is, at most four times a second.</summary>
internal sealed class DownloadMeter(long total, IProgress<DownloadProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(long At, long Received)> _marks = new([(time.GetTimestamp(), 0L)]);
    private long _lastTold = time.GetTimestamp();
    private long _received;

    /// <summary>Bytes that are on disk.</summary>
    public long Done { get; private set; }

    /// <summary>Notes bytes that were there already, or with a negative number, that were thrown away.</summary>
    public void Found(long bytes)
    {
        Done += bytes;
        Tell();
    }

    /// <summary>Notes bytes that came over the network.</summary>
    public void Received(int bytes)
    {
        Done += bytes;
        _received += bytes;
        if (time.GetElapsedTime(_lastTold) >= Interval)
            Tell();
    }

    private void Tell()
    {
        var now = time.GetTimestamp();
        _lastTold = now;
        _marks.Enqueue((now, _received));
        while (_marks.Count > 2 && time.GetElapsedTime(_marks.Peek().At, now) > Window)
            _marks.Dequeue();
        var (first, before) = _marks.Peek();
        var seconds = time.GetElapsedTime(first, now).TotalSeconds;
        progress?.Report(new DownloadProgress(Done, total, seconds > 0 ? (_received - before) / seconds : 0));
    }
}
