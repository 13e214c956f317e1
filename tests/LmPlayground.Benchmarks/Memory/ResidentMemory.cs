using System.Globalization;

namespace LmPlayground.Benchmarks.Memory;

/// <summary>How much of this process is in physical memory.</summary>
internal static class ResidentMemory
{
    private const string Status = "/proc/self/status";
    private const string Field = "VmRSS:";

    /// <summary>Bytes now, after what is garbage was collected.</summary>
    internal static long Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return OperatingSystem.IsLinux() && ReadLinux() is { } bytes ? bytes : Environment.WorkingSet;
    }

    private static long? ReadLinux()
    {
        // "VmRSS:     12345 kB"
        var line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.AsSpan(Field.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture) * 1024;
    }
}
