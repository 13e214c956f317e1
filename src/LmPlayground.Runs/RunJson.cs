using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs;

/// <summary>A request as JSON: one object with the version and what was chosen, by name.</summary>
public static class RunJson
{
    private const string Version = "version";

    /// <summary>The request as one object.</summary>
    public static JsonObject Write(RunRequest request)
    {
        var json = Values(request);
        json.Insert(0, Version, RunRequest.SchemaVersion);
        return json;
    }

    /// <summary>Reads an object. Unknown names are ignored, so that a document of a later minor change opens; values that cannot be used are reported.</summary>
    /// <exception cref="JsonException">It is no object, or of a later version.</exception>
    public static RunReading Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new JsonException("A run is a JSON object.");
        if (TryGet(json, Version, out var version) && (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number is < 1 or > RunRequest.SchemaVersion))
            throw new JsonException($"The run has version {version.GetRawText()}; this playground reads up to {RunRequest.SchemaVersion}. Update it to open the run.");
        var problems = new List<SettingProblem>();
        var request = new RunRequest();
        foreach (var setting in RunSettings.All)
        {
            if (TryGet(json, setting.Name, out var value) && value.ValueKind != JsonValueKind.Null && setting.ReadJson(value, problems) is { } read)
                request = request.With(setting, read);
        }

        return new RunReading(RunRules.Settle(request, problems), [.. problems]);
    }

    private static bool TryGet(JsonElement json, string name, out JsonElement value)
    {
        try
        {
            return json.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A name in the run is no valid Unicode.", error);
        }
    }

    /// <summary>What was chosen, without the version.</summary>
    internal static JsonObject Values(RunRequest request) =>
        new(request.Chosen.Select(chosen => KeyValuePair.Create(chosen.Setting.Name, (JsonNode?)chosen.Setting.ToJson(chosen.Value))));
}
