using System.Globalization;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>A moment as a clock on the wall shows it: 2026-01-31T08:30:00.</summary>
public sealed class TimeFormat : SettingFormat<DateTime>
{
    /// <inheritdoc/>
    public override string Expects => "a time such as 2026-01-31T08:30:00";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(DateTime value) => [value.ToString("s", CultureInfo.InvariantCulture)];

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out DateTime value)
    {
        // What the clock shows there, whatever the zone of whoever reads it: an offset is passed over.
        var isTime = DateTimeOffset.TryParse(texts[^1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
        value = new DateTime(read.Ticks - (read.Ticks % TimeSpan.TicksPerSecond));
        if (isTime)
            return true;
        reading.Refuse(texts[^1], "setting.no_time", $"is no time such as 2026-01-31T08:30:00: the time of the run is used.");
        return false;
    }
}
