using System.Globalization;
using System.Text.Json.Nodes;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>Token ids, each under the name or several with commas between them.</summary>
/// <param name="most">The most ids.</param>
public sealed class TokenIdsFormat(int most) : SettingFormat<ValueList<int>>
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
        var seen = new HashSet<int>();
        foreach (var text in reading.First<string>([.. texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries))], most))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                reading.Refuse(text, "setting.no_token_id", $"is no token id: it is left out.");
            else if (AreText || seen.Add(id))
                ids.Add(id);
        }

        value = [.. ids];
        return true;
    }
}
