using System.Globalization;
using LmPlayground.Models.Hub;
using LmPlayground.Web.Texts;

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
        : FormatTexts.Get("Download", Text((long)progress.BytesPerSecond), Time(left));

    private static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => FormatTexts.Get("Seconds", Math.Ceiling(time.TotalSeconds)),
        { TotalMinutes: < 60 } => FormatTexts.Get("Minutes", Math.Ceiling(time.TotalMinutes)),
        { TotalHours: < 48 } => FormatTexts.Get("Hours", time.TotalHours.ToString("0.0", CultureInfo.InvariantCulture)),
        _ => FormatTexts.Get("Days"),
    };
}
