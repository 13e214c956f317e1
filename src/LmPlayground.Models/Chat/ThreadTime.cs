using System.Runtime.InteropServices;

namespace LmPlayground.Models.Chat;

/// <summary>How long the processor has worked for the current thread: what a busy machine does meanwhile is not counted.</summary>
internal static partial class ThreadTime
{
    private const int LinuxClock = 3;
    private const int MacClock = 16;

    /// <summary>The time, from a beginning of its own.</summary>
    public static TimeSpan Now
    {
        get
        {
            if (OperatingSystem.IsWindows())
                return GetThreadTimes(GetCurrentThread(), out _, out _, out var kernel, out var user) ? TimeSpan.FromTicks(kernel + user) : Wall;
            return clock_gettime(OperatingSystem.IsMacOS() ? MacClock : LinuxClock, out var time) == 0
                ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
                : Wall;
        }
    }

    private static TimeSpan Wall => TimeSpan.FromMilliseconds(Environment.TickCount64);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out UnixTime time);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32")]
    private static partial nint GetCurrentThread();

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetThreadTimes(nint thread, out long created, out long ended, out long kernel, out long user);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct UnixTime
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
