namespace LmPlayground.Generation.Engine;

/// <summary>The times of a run: from its beginning to its first token, and from there to its last one.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long? _first;
    private long _last;

    internal TimeSpan TimeToFirst => time.GetElapsedTime(_started, _first ?? time.GetTimestamp());

    internal void Tick()
    {
        _last = time.GetTimestamp();
        _first ??= _last;
    }

    /// <summary>Tokens a second after the first token; 0 for fewer than two.</summary>
    internal double PerSecond(int tokens)
    {
        if (tokens < 2 || _first is not { } first)
            return 0;
        var seconds = time.GetElapsedTime(first, _last).TotalSeconds;
        return seconds > 0 ? (tokens - 1) / seconds : 0;
    }
}
