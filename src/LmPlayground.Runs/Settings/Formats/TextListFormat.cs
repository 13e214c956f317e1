using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>Texts in order, each on one line with <see cref="EscapedText">escapes</see>. In JSON they stand as they are.</summary>
/// <param name="problem">What is wrong with an entry, or null for one that may be given.</param>
public sealed class TextListFormat(Func<string, string?> problem) : SettingFormat<ValueList<string>>
{
    /// <inheritdoc/>
    public override string Expects => "a text";

    /// <inheritdoc/>
    public override bool IsList => true;

    /// <summary>One empty text stands for the empty list, which is a choice too where the default is another.</summary>
    public override IReadOnlyList<string> Write(ValueList<string> value) => value.Count == 0 ? [""] : [.. value.Select(EscapedText.Escape)];

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out ValueList<string> value)
    {
        var entries = new List<string>();
        foreach (var text in texts.Where(text => text.Length > 0))
        {
            if (EscapedText.TryUnescape(text, out var entry, out var error))
                Add(entries, entry, reading);
            else
                reading.Add($"{reading.Name} '{Quoted.Text(text)}' is left out: {error}", $"{reading.Name} '{Quoted.Text(text)}': {error}");
        }

        value = [.. entries];
        return true;
    }

    /// <inheritdoc/>
    public override JsonNode ToJson(ValueList<string> value) => new JsonArray([.. value.Select(text => (JsonNode)text)]);

    /// <inheritdoc/>
    public override bool TryReadJson(JsonElement json, SettingReading reading, out ValueList<string> value)
    {
        var entries = new List<string>();
        foreach (var entry in json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : (IEnumerable<JsonElement>)[json])
        {
            if (TryGetText(entry, out var text))
                Add(entries, text, reading);
            else
                reading.Refuse(entry.GetRawText(), "is no text: it is left out.");
        }

        value = [.. entries];
        return true;
    }

    private void Add(List<string> entries, string entry, SettingReading reading)
    {
        if (problem(entry) is { } wrong)
            reading.LeaveOut(entry, wrong);
        else if (!entries.Contains(entry))
            entries.Add(entry);
    }
}
