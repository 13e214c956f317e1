using System.Text.Json.Nodes;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>True or false; the name alone says true.</summary>
public sealed class SwitchFormat : SettingFormat<bool>
{
    /// <inheritdoc/>
    public override string Expects => "true or false";

    /// <inheritdoc/>
    public override bool IsSwitch => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(bool value) => [value ? "true" : "false"];

    /// <inheritdoc/>
    public override JsonNode ToJson(bool value) => value;

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out bool value)
    {
        value = texts[^1] is "true" or "1" or "";
        if (value || texts[^1] is "false" or "0")
            return true;
        reading.Refuse(texts[^1], "setting.no_switch", $"is neither true nor false: it is ignored.");
        return false;
    }
}
