namespace LmPlayground.Benchmarks.Reporting;

/// <summary>How busy all processors are, whoever uses them: a number that was taken beside other work says less.</summary>
internal sealed class MachineLoad
{
    private const string Counters = "/proc/stat";

    private (long Busy, long All) _before = Read();

    /// <summary>The share of all processors that was in use since this was asked before, or made; not a number where the system does not say.</summary>
    internal double Share()
    {
        var now = Read();
        var (busy, all) = (now.Busy - _before.Busy, now.All - _before.All);
        _before = now;
        return all > 0 ? (double)busy / all : double.NaN;
    }

    /// <summary>The share over the next second: who does nothing meanwhile hears of the others.</summary>
    internal async Task<double> OfOthersAsync(CancellationToken cancellationToken)
    {
        Share();
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        return Share();
    }

    // user, nice, system, idle, iowait, irq, softirq, steal: what waits for a disk is idle.
    private static (long Busy, long All) Read()
    {
        if (!File.Exists(Counters))
            return (0, 0);
        var times = File.ReadLines(Counters).First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(time => long.Parse(time, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return (times.Sum() - times[3] - times[4], times.Sum());
    }
}
