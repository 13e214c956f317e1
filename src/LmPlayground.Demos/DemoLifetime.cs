namespace LmPlayground.Demos;

/// <summary>How long a link works: a number of days, or for ever.</summary>
public readonly record struct DemoLifetime
{
    private DemoLifetime(int? days) => Days = days;

    /// <summary>For ever, which only an operator can allow.</summary>
    public static DemoLifetime Forever { get; } = new(null);

    /// <summary>The number of days; null is for ever.</summary>
    public int? Days { get; }

    /// <summary>A number of days.</summary>
    public static DemoLifetime OfDays(int days) => new(days);

    /// <summary>When a link ends that begins now: at a whole hour, never too early. Null is never.</summary>
    internal DateTimeOffset? EndFrom(DateTimeOffset now) => Days is { } days ? DemoClock.RoundUp(now.AddDays(days)) : null;
}
