using System.Diagnostics;
using Jint;

namespace LmPlayground.Models.Chat;

/// <summary>Ends a template that takes too long or allocates too much. Checked before every statement while it is armed.</summary>
internal sealed class TemplateLimits : Constraint
{
    /// <summary>The longest that one rendering may take. Real templates take a few milliseconds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>The most that one rendering may allocate, garbage included.</summary>
    public const long MostBytes = 512L << 20;

    private long _started;
    private long _allocated;
    private bool _isArmed;

    /// <summary>Begins to count. The starting of an engine is not counted.</summary>
    public void Arm()
    {
        _started = Stopwatch.GetTimestamp();
        _allocated = GC.GetAllocatedBytesForCurrentThread();
        _isArmed = true;
    }

    /// <summary>Counts no longer.</summary>
    public void Disarm() => _isArmed = false;

    /// <inheritdoc/>
    public override void Check()
    {
        if (!_isArmed)
            return;
        if (GC.GetAllocatedBytesForCurrentThread() - _allocated > MostBytes)
            throw new TemplateLimitException($"it takes more than {MostBytes >> 20} MB of memory");
        if (Stopwatch.GetElapsedTime(_started) > Longest)
            throw new TemplateLimitException($"it takes longer than {Longest.TotalSeconds:0} s");
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        // A rendering is several calls into the engine: it counts from Arm on.
    }
}

/// <summary>A template went over a limit.</summary>
internal sealed class TemplateLimitException(string message) : Exception(message);
