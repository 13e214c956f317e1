using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Runs.Messages;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>Texts in order, each on one line with <see cref="EscapedText">escapes</see>. In JSON they stand as they are.</summary>
/// <param name="problem">What is wrong with an entry, or null for one that may be given.</param>
/// <param name="most">The most entries.</param>
public sealed class TextListFormat(Func<string, string?> problem, int most) : SettingFormat<ValueList<string>>
{
    private const int LongestEntry = 1_000;

    /// <inheritdoc/>
    public override string Expects => "a text";

    /// <inheritdoc/>
    public override bool IsList => true;

    /// <summary>One empty text stands for the empty list, which is a choice too where the default is another.</summary>
    public override IReadOnlyList<string> Write(ValueList<string> value) => value.Count == 0 ? [""] : [.. value.Select(EscapedText.Escape)];

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out ValueList<string> value)
    {
        var entries = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var text in reading.First(texts, most).Where(text => text.Length > 0))
        {
            if (EscapedText.TryUnescape(text, out var entry, out var error))
                Add(entries, entry, reading);
            else
                reading.Add(Message.Of("setting.escape", $"{reading.Name} '{Quoted.Text(text)}' is left out: {error}"), $"{reading.Name} '{Quoted.Text(text)}': {error}");
        }

        value = [.. entries.Keys];
        return true;
    }

    /// <inheritdoc/>
    public override JsonNode ToJson(ValueList<string> value) => new JsonArray([.. value.Select(text => (JsonNode)text)]);

    /// <inheritdoc/>
    public override bool TryReadJson(JsonElement json, SettingReading reading, out ValueList<string> value)
    {
        var entries = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var entry in reading.First<JsonElement>(json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json], most))
        {
            if (TryGetText(entry, out var text))
                Add(entries, text, reading);
            else
                reading.Refuse(entry.GetRawText(), "setting.no_text_entry", $"is no text: it is left out.");
        }

        value = [.. entries.Keys];
        return true;
    }

    private void Add(OrderedDictionary<string, bool> entries, string entry, SettingReading reading)
    {
        if ((entry.Length > LongestEntry ? $"an entry has more than {LongestEntry} characters" : problem(entry)) is { } wrong)
            reading.LeaveOut(entry, wrong);
        else
            entries.TryAdd(entry, true);
    }
}
