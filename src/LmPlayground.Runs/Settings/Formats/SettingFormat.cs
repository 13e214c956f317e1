using System.Text.Json;
using System.Text.Json.Nodes;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>How the values of a setting are written and read: as text in an address and on a command line, and as JSON.</summary>
/// <typeparam name="T">A value: immutable, equal by value.</typeparam>
public abstract class SettingFormat<T>
    where T : notnull
{
    /// <summary>What may be given, after "must be": "a number from 0 to 1".</summary>
    public abstract string Expects { get; }

    /// <summary>Whether a value has several texts, each given under the setting's name.</summary>
    public virtual bool IsList => false;

    /// <summary>Whether the name alone says true, as an option of a command line that takes no value.</summary>
    public virtual bool IsSwitch => false;

    /// <summary>The texts of a value.</summary>
    public abstract IReadOnlyList<string> Write(T value);

    /// <summary>Reads texts that were written by people. What cannot be used is replaced or left out, and said.</summary>
    /// <param name="texts">At least one text.</param>
    /// <param name="reading">Takes what is wrong.</param>
    /// <param name="value">The value, in range.</param>
    /// <returns>Whether there is a value at all.</returns>
    public abstract bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out T value);

    /// <summary>A text that was typed into a box, as an address would have it.</summary>
    public virtual string Typed(string text) => text;

    /// <summary>A value as JSON: its text, or the list of its texts.</summary>
    public virtual JsonNode ToJson(T value)
    {
        var texts = Write(value);
        return IsList ? new JsonArray([.. texts.Select(text => (JsonNode)text)]) : texts[0];
    }

    /// <summary>Reads JSON: numbers, truth values and texts as they stand, and lists of them.</summary>
    public virtual bool TryReadJson(JsonElement json, SettingReading reading, out T value) => TryRead(Texts(json), reading, out value);

    /// <summary>JSON values as texts; what has no text of its own is its JSON, which no format takes.</summary>
    protected static IReadOnlyList<string> Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array when json.GetArrayLength() > 0 => [.. json.EnumerateArray().Select(Text)],
        _ => [Text(json)],
    };

    /// <summary>Whether JSON is a string, and one that is valid Unicode: an escape can say half a character.</summary>
    protected static bool TryGetText(JsonElement json, out string text)
    {
        text = "";
        if (json.ValueKind != JsonValueKind.String)
            return false;
        try
        {
            text = json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Text(JsonElement json) => TryGetText(json, out var text) ? text : json.GetRawText();
}
