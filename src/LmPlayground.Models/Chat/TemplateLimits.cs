using System.Globalization;
using Jint;

namespace LmPlayground.Models.Chat;

/// <summary>Ends a template that takes too many steps, too long, or allocates too much. Checked before every statement while it is armed.</summary>
/// <remarks>
/// Steps are what ends an endless loop: a sound template never takes more of them. How many it may take grows with what it is given:
/// hundreds of turns and tools are ordinary. Time is the processor's for this thread: how busy the machine is does not matter.
/// </remarks>
internal sealed class TemplateLimits : Constraint
{
    /// <summary>The longest that one regular expression may take.</summary>
    public static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(5);

    /// <summary>The most statements of the interpreter for a conversation of no length: about a second's work.</summary>
    private const long FewestSteps = 1_500_000;

    // Templates of models in use take about ten.
    private const long StepsPerCharacter = 60;
    private const long MostSteps = 10_000_000;

    // Of the processor's own, for what is slow in few steps.
    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(5);

    // Garbage included, which is nearly all of it.
    private const long LeastBytes = 512L << 20;
    private const long BytesPerStep = 350;
    private const long MostBytes = 2L << 30;

    private const int BetweenLooks = 16;

    private TimeSpan _started;
    private long _allocated;
    private bool _isArmed;

    /// <summary>The statements since it was armed last.</summary>
    public long Steps { get; private set; }

    private long StepsAllowed { get; set; }

    private long BytesAllowed => Math.Min(MostBytes, LeastBytes + ((StepsAllowed - FewestSteps) * BytesPerStep));

    /// <summary>Begins to count. The starting of an engine is not counted.</summary>
    /// <param name="characters">The length of what the template is given; none of it while it is compiled.</param>
    public void Arm(long characters)
    {
        StepsAllowed = Math.Min(MostSteps, FewestSteps + (characters * StepsPerCharacter));
        _started = ThreadTime.Now;
        _allocated = GC.GetAllocatedBytesForCurrentThread();
        Steps = 0;
        _isArmed = true;
    }

    /// <summary>Counts no longer.</summary>
    public void Disarm() => _isArmed = false;

    /// <inheritdoc/>
    public override void Check()
    {
        if (!_isArmed || ++Steps % BetweenLooks != 0)
            return;
        if (Steps > StepsAllowed)
            throw new TemplateLimitException(Text($"it takes more than {StepsAllowed:N0} steps"), TemplateLimitException.Endless);
        if (GC.GetAllocatedBytesForCurrentThread() - _allocated > BytesAllowed)
            throw new TemplateLimitException(Text($"it takes more than {BytesAllowed >> 20:N0} MB of memory"), TemplateLimitException.Large);
        if (ThreadTime.Now - _started > LongestWork)
            throw new TemplateLimitException(Text($"it takes longer than {LongestWork.TotalSeconds:0} s of a processor"), TemplateLimitException.Slow);
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
        "It seems to loop without end: correct the template, or use another.";

    public const string Large = "Correct the template so that it keeps less, or shorten the conversation.";

    public const string Slow = "Correct the template so that it does less, or shorten the conversation.";

    public const string Deep = "Correct the template so that it does not call itself without end, or nest less deeply what it is given.";

    public string Advice { get; } = advice;
}
