using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Sharing.Document;

/// <summary>How a demo is written: one way, so that the same demo gives the same bytes.</summary>
public static class DemoJson
{
    /// <summary>The names and rules of the document. Nothing in it can be taken for markup, and what has no meaning in it is refused.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>How a document is read and written.</summary>
    internal static JsonTypeInfo<SharedDemo> Demo { get; } = (JsonTypeInfo<SharedDemo>)Options.GetTypeInfo(typeof(SharedDemo));

    /// <summary>The document of a demo, as UTF-8.</summary>
    public static byte[] Write(SharedDemo demo) => JsonSerializer.SerializeToUtf8Bytes(demo, Demo);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(DemoJsonContext.Default.Options)
        {
            TypeInfoResolver = DemoJsonContext.Default,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            AllowDuplicateProperties = false,
            MaxDepth = DemoLimits.Depth,
        };
        options.MakeReadOnly();
        return options;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    Converters = [typeof(DemoEnumConverter<DemoKind>), typeof(DemoEnumConverter<DemoMaskedTask>), typeof(DemoEnumConverter<InertKind>)])]
[JsonSerializable(typeof(SharedDemo))]
internal sealed partial class DemoJsonContext : JsonSerializerContext;

/// <summary>Names of an enumeration in snake_case, and no numbers.</summary>
internal sealed class DemoEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
