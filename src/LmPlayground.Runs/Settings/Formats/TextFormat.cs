using System.Text.Json;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>A text as it stands.</summary>
/// <param name="emptyIsNone">Whether the empty text says that there is none.</param>
public sealed class TextFormat(bool emptyIsNone = false) : SettingFormat<string>
{
    /// <inheritdoc/>
    public override string Expects => "a text";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(string value) => [value];

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out string value) =>
        (value = texts[^1]).Length > 0 || !emptyIsNone;

    /// <inheritdoc/>
    public override bool TryReadJson(JsonElement json, SettingReading reading, out string value)
    {
        if (TryGetText(json, out value))
            return TryRead([value], reading, out value);
        reading.Refuse(json.GetRawText(), "setting.no_text", $"is no text: it is ignored.");
        return false;
    }
}
