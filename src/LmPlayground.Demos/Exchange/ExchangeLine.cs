using System.Text.Json;
using System.Text.Json.Serialization;

namespace LmPlayground.Demos.Exchange;

/// <summary>
/// One line of an exported store: a JSON object with one of these members. The first line is the format's name and version, the last one the end,
/// so that a cut file is seen.
/// </summary>
internal sealed record ExchangeLine
{
    internal const string FormatName = "lmplayground-demos";
    internal const int NewestVersion = 1;

    public string? Format { get; init; }

    public int? Version { get; init; }

    public DemoLine? Demo { get; init; }

    public ReportLine? Report { get; init; }

    public BlockedLine? Blocked { get; init; }

    public EndLine? End { get; init; }
}

/// <summary>A demo, or what is left of it. Hashes are hexadecimal, times are seconds since 1970, the document is base64.</summary>
internal sealed record DemoLine
{
    public required string IdHash { get; init; }

    public string? OwnerHash { get; init; }

    public string? DocumentHash { get; init; }

    public int Generation { get; init; }

    public string Title { get; init; } = "";

    public string Kind { get; init; } = "";

    public bool IsEncrypted { get; init; }

    public long CreatedAt { get; init; }

    public long? ExpiresAt { get; init; }

    public long? RevokedAt { get; init; }

    public bool ByOperator { get; init; }

    public long Views { get; init; }

    public int Reports { get; init; }

    public string? GalleryId { get; init; }

    public string? Codec { get; init; }

    public long? Size { get; init; }

    public byte[]? Document { get; init; }
}

/// <summary>A report about a demo of a line before it.</summary>
internal sealed record ReportLine(string IdHash, long ReportedAt, string Text);

/// <summary>A document that nobody may save.</summary>
internal sealed record BlockedLine(string DocumentHash, long BlockedAt);

/// <summary>The last line.</summary>
/// <param name="Lines">How many lines stand between the first and this one.</param>
internal sealed record EndLine(long Lines);

/// <summary>How lines are written and read.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 4,
    NumberHandling = JsonNumberHandling.Strict, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ExchangeLine))]
internal sealed partial class ExchangeJson : JsonSerializerContext;
