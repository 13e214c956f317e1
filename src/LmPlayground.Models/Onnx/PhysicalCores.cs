using System.Runtime.InteropServices;

namespace LmPlayground.Models.Onnx;

/// <summary>Counts cores: two hardware threads of one core share the units that matrix products keep busy.</summary>
internal static class PhysicalCores
{
    /// <summary>The physical cores, or fewer if the process may use less (affinity, a container's limit). At least 1.</summary>
    public static int Count { get; } = Math.Clamp(Detect(), 1, Math.Max(1, Environment.ProcessorCount));

    private static int Detect()
    {
        if (OperatingSystem.IsLinux() && CountLinux() is > 0 and var cores)
            return cores;

        // Elsewhere: ARM processors run one thread a core, x86 ones mostly two.
        var oneThreadPerCore = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
        return oneThreadPerCore ? Environment.ProcessorCount : (Environment.ProcessorCount + 1) / 2;
    }

    private static int CountLinux()
    {
        try
        {
            HashSet<string> cores = [];
            foreach (var cpu in Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu*"))
            {
                var siblings = Path.Combine(cpu, "topology", "thread_siblings_list");
                if (File.Exists(siblings))
                    cores.Add(File.ReadAllText(siblings));
            }

            return cores.Count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
