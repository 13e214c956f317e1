using System.Globalization;
using System.Text.Json.Nodes;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>A seed; -1 and nothing at all stand for one that is drawn.</summary>
public sealed class SeedFormat : SettingFormat<ulong>
{
    /// <inheritdoc/>
    public override string Expects => $"a whole number from 0 to {ulong.MaxValue}, or -1 to draw one";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(ulong value) => [value.ToString(CultureInfo.InvariantCulture)];

    /// <inheritdoc/>
    public override JsonNode ToJson(ulong value) => value;

    /// <inheritdoc/>
    public override string Typed(string text) => TypedNumber.Plain(text, isWhole: true);

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out ulong value)
    {
        value = 0;
        var text = texts[^1].Trim();
        if (text is "" or "-1")
            return false;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            return true;
        reading.Refuse(texts[^1], "setting.no_seed", $"is no whole number from 0 to {ulong.MaxValue}: a random one is used.");
        return false;
    }
}
