using System.Text.Json;
using System.Text.Json.Serialization;

namespace LmPlayground.Runs;

/// <summary>Lets a serializer write and read requests as <see cref="RunJson"/> does; a value that cannot be used is an error.</summary>
public sealed class RunRequestJsonConverter : JsonConverter<RunRequest>
{
    /// <inheritdoc/>
    public override RunRequest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var reading = RunJson.Read(document.RootElement);
        return reading.Problems is [var problem, ..] ? throw new JsonException(problem.Error) : reading.Request;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RunRequest value, JsonSerializerOptions options) => RunJson.Write(value).WriteTo(writer, options);
}
