using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LmPlayground.Models.Chat;

/// <summary>
/// Variables on their way into a template: JSON in which numbers are <c>["i" or "f", text]</c>, lists <c>["a", ...]</c> and mappings
/// <c>["o", key, value, ...]</c>, since JavaScript would reorder keys and does not tell 1 from 1.0.
/// </summary>
internal static class TemplateValues
{
    public static string Serialize(IReadOnlyDictionary<string, JsonElement?> variables)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = 256 }))
        {
            writer.WriteStartArray();
            writer.WriteStringValue("o");
            foreach (var (name, value) in variables)
            {
                writer.WriteStringValue(name);
                if (value is { } given)
                    Write(writer, given);
                else
                    writer.WriteNullValue();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartArray();
                writer.WriteStringValue("o");
                foreach (var member in value.EnumerateObject())
                {
                    writer.WriteStringValue(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                writer.WriteStringValue("a");
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                var text = value.GetRawText();
                writer.WriteStartArray();
                writer.WriteStringValue(text.AsSpan().ContainsAny('.', 'e', 'E') ? "f" : "i");
                writer.WriteStringValue(text);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
