using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Upgrades;

namespace LmPlayground.Sharing.Reading;

/// <summary>
/// Reads a stranger's document: its size and depth first, then its version, then its content, every number of it. What comes back can be shown;
/// everything else ends in one sentence.
/// </summary>
public static class SharedDemoReader
{
    /// <summary>Reads a document of this version or an earlier one.</summary>
    /// <param name="bytes">The document, UTF-8.</param>
    /// <exception cref="SharedDemoException">It is no demo that can be opened.</exception>
    public static SharedDemo Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes["\uFEFF"u8.Length..];
        var version = DemoHeader.Read(bytes);
        try
        {
            var demo = version == SharedDemo.CurrentVersion ? JsonSerializer.Deserialize(bytes, DemoJson.Demo) : Upgraded(bytes, version);
            DemoCheck.Check(demo ?? throw new JsonException("null"));
            return demo;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or SettingException or NotSupportedException)
        {
            throw new SharedDemoException("demo.not_a_demo", $"This is no demo of version {version}: {Place(error)} is not what a demo has there.");
        }
    }

    private static SharedDemo? Upgraded(ReadOnlySpan<byte> bytes, int version) =>
        JsonNode.Parse(bytes) is JsonObject document ? DemoUpgrades.Upgrade(document, version).Deserialize(DemoJson.Demo) : null;

    private static string Place(Exception error) => error is JsonException { Path: { Length: > 2 } path } ? path["$.".Length..] : "its content";
}
