using System.Text.Json;
using System.Text.Json.Serialization;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary>A reason is its name in JSON.</summary>
internal sealed class FinishReasonConverter : JsonConverter<FinishReason>
{
    /// <inheritdoc/>
    public override FinishReason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } name && FinishReason.Find(name) is { } reason
            ? reason
            : throw new JsonException("That is no reason for a run to end.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FinishReason value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}
