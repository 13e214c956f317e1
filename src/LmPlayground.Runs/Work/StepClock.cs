namespace LmPlayground.Runs.Work;

/// <summary>Measures how fast steps come.</summary>
internal sealed class StepClock(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _first;
    private int _steps;

    /// <summary>From the start to the first step.</summary>
    internal TimeSpan ToFirst => time.GetElapsedTime(_started, _first);

    /// <summary>Steps a second since the first one; 0 until there are two.</summary>
    internal double PerSecond => _steps > 1 ? (_steps - 1) / time.GetElapsedTime(_first).TotalSeconds : 0;

    /// <summary>Notes how many steps there are now.</summary>
    internal void Stepped(int steps)
    {
        if (_first == 0)
            _first = time.GetTimestamp();
        _steps = steps;
    }
}
