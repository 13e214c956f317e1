using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Runs;

/// <summary>The columns of a comparison: each is a query within the query, or an object within the object.</summary>
internal sealed class ColumnsFormat : SettingFormat<ValueList<RunRequest>>
{
    public override string Expects => "what a column changes, as NAME=VALUE&NAME=VALUE";

    public override bool IsList => true;

    public override IReadOnlyList<string> Write(ValueList<RunRequest> value) => [.. value.Select(column => RunQuery.Write(column).TrimStart('?'))];

    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out ValueList<RunRequest> value)
    {
        value = [.. texts.Select((text, index) => Column(RunQuery.Read(text), index, reading))];
        return true;
    }

    public override JsonNode ToJson(ValueList<RunRequest> value) => new JsonArray([.. value.Select(column => (JsonNode)RunJson.Values(column))]);

    public override bool TryReadJson(JsonElement json, SettingReading reading, out ValueList<RunRequest> value)
    {
        value = json.ValueKind == JsonValueKind.Array
            ? [.. json.EnumerateArray().Select((column, index) => Column(RunJson.Read(column), index, reading))]
            : [];
        return json.ValueKind == JsonValueKind.Array;
    }

    private static RunRequest Column(RunReading column, int index, SettingReading reading)
    {
        foreach (var problem in column.Problems)
            reading.Add($"Column {index + 1}: {problem.Notice}", $"column {index + 1}: {problem.Error}");

        // Columns have no columns.
        return column.Request.Without(RunSettings.Columns);
    }
}
