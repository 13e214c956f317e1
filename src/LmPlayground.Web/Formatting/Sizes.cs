using System.Globalization;
using LmPlayground.Models.Hub;

namespace LmPlayground.Web.Formatting;

/// <summary>Bytes and times for people.</summary>
internal static class Sizes
{
    /// <summary>"118 MB", "4.2 GB", "12 kB": decimal units, as hubs and disks count.</summary>
    internal static string Text(long bytes) => bytes switch
    {
        >= 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N0} GB"),
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e3):N0} kB"),
    };

    /// <summary>"12 MB/s, 40 s left", or nothing while the speed is not known.</summary>
    internal static string Rate(DownloadProgress progress) => progress.TimeLeft is not { } left
        ? ""
        : $"{Text((long)progress.BytesPerSecond)}/s, {Time(left)} left";

    private static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h"),
        _ => "days",
    };
}
