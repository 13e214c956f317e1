using System.Diagnostics;
using System.Globalization;
using Jint;

namespace LmPlayground.Models.Chat;

/// <summary>Ends a template that takes too many steps, too long, or allocates too much. Checked before every statement while it is armed.</summary>
/// <remarks>Steps are what ends an endless loop: on a busy machine a sound template may need many times its usual time, but never more steps.</remarks>
internal sealed class TemplateLimits : Constraint
{
    /// <summary>The most statements of the interpreter that compiling a template may take, and that rendering it may take: about a second's work.</summary>
    public const int MostSteps = 1_500_000;

    /// <summary>The longest that either may take, for what is slow in few steps.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>The most that either may allocate, garbage included.</summary>
    public const long MostBytes = 512L << 20;

    private const int BetweenLooks = 16;

    private long _started;
    private long _allocated;
    private int _steps;
    private bool _isArmed;

    /// <summary>Begins to count. The starting of an engine is not counted.</summary>
    public void Arm()
    {
        _started = Stopwatch.GetTimestamp();
        _allocated = GC.GetAllocatedBytesForCurrentThread();
        _steps = 0;
        _isArmed = true;
    }

    /// <summary>Counts no longer.</summary>
    public void Disarm() => _isArmed = false;

    /// <inheritdoc/>
    public override void Check()
    {
        if (!_isArmed || ++_steps % BetweenLooks != 0)
            return;
        if (_steps > MostSteps)
            throw new TemplateLimitException(string.Create(CultureInfo.InvariantCulture, $"it takes more than {MostSteps:N0} steps"));
        if (GC.GetAllocatedBytesForCurrentThread() - _allocated > MostBytes)
            throw new TemplateLimitException($"it takes more than {MostBytes >> 20} MB of memory");
        if (Stopwatch.GetElapsedTime(_started) > Longest)
            throw new TemplateLimitException($"it takes longer than {Longest.TotalSeconds:0} s");
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        // The engine resets its constraints with every call: these count from Arm on.
    }
}

/// <summary>A template went over a limit.</summary>
internal sealed class TemplateLimitException(string message) : Exception(message);
