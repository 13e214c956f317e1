namespace LmPlayground.Demos;

/// <summary>The store keeps no time more exact than its hour: when somebody was at the page is nobody's business.</summary>
internal static class DemoClock
{
    private static readonly long Hour = TimeSpan.TicksPerHour;

    internal static DateTimeOffset RoundDown(DateTimeOffset time) => new(time.UtcTicks / Hour * Hour, TimeSpan.Zero);

    internal static DateTimeOffset RoundUp(DateTimeOffset time) => new((time.UtcTicks + Hour - 1) / Hour * Hour, TimeSpan.Zero);
}
