using System.Globalization;
using System.Text.Json.Nodes;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>Token ids, each under the name or several with commas between them.</summary>
public sealed class TokenIdsFormat : SettingFormat<ValueList<int>>
{
    /// <inheritdoc/>
    public override string Expects => "token ids with commas between them";

    /// <inheritdoc/>
    public override bool IsList => !AreText;

    /// <summary>Whether the ids are a text: one may stand there twice, and all are written in one.</summary>
    public bool AreText { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(ValueList<int> value) =>
        AreText ? [string.Join(',', value)] : [.. value.Select(id => id.ToString(CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public override JsonNode ToJson(ValueList<int> value) => new JsonArray([.. value.Select(id => (JsonNode)id)]);

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out ValueList<int> value)
    {
        var ids = new List<int>();
        foreach (var text in texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                reading.Refuse(text, "is no token id: it is left out.");
            else if (AreText || !ids.Contains(id))
                ids.Add(id);
        }

        value = [.. ids];
        return true;
    }
}
