using System.Diagnostics;
using System.Globalization;
using Jint;

namespace LmPlayground.Models.Chat;

/// <summary>Ends a template that takes too many steps, too long, or allocates too much. Checked before every statement while it is armed.</summary>
/// <remarks>
/// Steps are what ends an endless loop: on a busy machine a sound template may need many times its usual time, but never more steps. What a
/// template may take grows with what it is given: hundreds of turns and tools are ordinary.
/// </remarks>
internal sealed class TemplateLimits : Constraint
{
    /// <summary>The longest that one regular expression may take.</summary>
    public static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(5);

    /// <summary>The most statements of the interpreter for a conversation of no length: about a second's work.</summary>
    private const long FewestSteps = 1_500_000;

    // Templates of models in use take about ten.
    private const long StepsPerCharacter = 60;
    private const long MostSteps = 20_000_000;

    // Many times what a quiet machine needs: time is for what is slow in few steps.
    private const double SecondsPerMillionSteps = 8;
    private const double MostSeconds = 40;

    // Garbage included, which is nearly all of it.
    private const long LeastBytes = 512L << 20;
    private const long BytesPerStep = 350;
    private const long MostBytes = 2L << 30;

    private const int BetweenLooks = 16;

    private long _started;
    private long _allocated;
    private long _steps;
    private bool _isArmed;

    private long StepsAllowed { get; set; }

    private long BytesAllowed => Math.Min(MostBytes, LeastBytes + ((StepsAllowed - FewestSteps) * BytesPerStep));

    private TimeSpan TimeAllowed => TimeSpan.FromSeconds(Math.Min(MostSeconds, Math.Round(SecondsPerMillionSteps * StepsAllowed / 1e6)));

    /// <summary>Begins to count. The starting of an engine is not counted.</summary>
    /// <param name="characters">The length of what the template is given; none of it while it is compiled.</param>
    public void Arm(long characters)
    {
        StepsAllowed = Math.Min(MostSteps, FewestSteps + (characters * StepsPerCharacter));
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
        if (_steps > StepsAllowed)
            throw new TemplateLimitException(Text($"it takes more than {StepsAllowed:N0} steps"), TemplateLimitException.Endless);
        if (GC.GetAllocatedBytesForCurrentThread() - _allocated > BytesAllowed)
            throw new TemplateLimitException(Text($"it takes more than {BytesAllowed >> 20:N0} MB of memory"), TemplateLimitException.Large);
        if (Stopwatch.GetElapsedTime(_started) > TimeAllowed)
            throw new TemplateLimitException(Text($"it takes longer than {TimeAllowed.TotalSeconds:0} s of time"), TemplateLimitException.Slow);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        // The engine resets its constraints with every call: these count from Arm on.
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A template went over a limit.</summary>
/// <param name="message">Which limit.</param>
/// <param name="advice">What to do about it.</param>
internal sealed class TemplateLimitException(string message, string advice) : Exception(message)
{
    public const string Endless =
        "It seems to loop without end: correct the template, or use another. Steps grow with the conversation; a shorter one needs fewer.";

    public const string Large = "Correct the template so that it keeps less, or shorten the conversation.";

    public const string Slow = "Try again when the machine is less busy; if that does not help, correct the template or shorten the conversation.";

    public const string Deep = "Correct the template so that it does not call itself without end, or nest less deeply what it is given.";

    public string Advice { get; } = advice;
}
