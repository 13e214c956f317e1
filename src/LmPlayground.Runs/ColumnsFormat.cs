using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Generation.Comparison;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Settings.Formats;
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
        value = [.. reading.First(texts, ComparisonRequest.MostColumns).Select((text, index) => Column(RunQuery.Read(text), index, reading))];
        return true;
    }

    public override JsonNode ToJson(ValueList<RunRequest> value) => new JsonArray([.. value.Select(column => (JsonNode)RunJson.Values(column))]);

    public override bool TryReadJson(JsonElement json, SettingReading reading, out ValueList<RunRequest> value)
    {
        value = [];
        if (json.ValueKind != JsonValueKind.Array)
        {
            reading.Refuse(json.GetRawText(), "columns.no_list", $"is no list of columns: it is ignored.");
            return false;
        }

        value = [.. reading.First<JsonElement>([.. json.EnumerateArray()], ComparisonRequest.MostColumns).Select((column, index) => Column(RunJson.Read(column), index, reading))];
        return true;
    }

    private static RunRequest Column(RunReading column, int index, SettingReading reading)
    {
        foreach (var problem in column.Problems)
            reading.Add(Message.Of("columns.problem", $"Column {index + 1}: {problem.Notice}"), $"column {index + 1}: {problem.Error}");

        if (column.Request.Has(RunSettings.Columns))
            reading.Add(Message.Of("columns.nested", $"Column {index + 1}: a column has no columns of its own: they are left out."), $"column {index + 1}: a column has no columns of its own.");
        return column.Request.Without(RunSettings.Columns);
    }
}
