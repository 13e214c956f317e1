using System.Text.Json;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Reading;

/// <summary>A first look at a document, which builds nothing: whether it is whole, how large and how deep it is, and its version.</summary>
internal static class DemoHeader
{
    private const string Version = "version";

    /// <summary>The document's version.</summary>
    /// <exception cref="SharedDemoException">It is no demo, too large, cut, or of a later version.</exception>
    internal static int Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > DemoLimits.Bytes)
            throw new SharedDemoException("demo.too_large", $"The demo has {bytes.Length:N0} bytes, and {DemoLimits.Bytes:N0} are the most that are read.");
        try
        {
            var version = Scan(new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = DemoLimits.Depth })));
            return version switch
            {
                null => throw new SharedDemoException("demo.no_version", $"This is no demo: it is JSON, but says no version."),
                < 1 => throw new SharedDemoException("demo.no_such_version", $"This is no demo: there is no version {version}."),
                > SharedDemo.CurrentVersion => throw new SharedDemoException(
                    "demo.newer", $"The demo has version {version}, and this playground opens up to {SharedDemo.CurrentVersion}: open it in a newer one."),
                { } known => known,
            };
        }
        catch (JsonException error) when (error.Message.Contains("depth", StringComparison.Ordinal))
        {
            throw new SharedDemoException("demo.too_deep", $"The demo is nested more than {DemoLimits.Depth} deep, which no demo is.");
        }
        catch (JsonException error)
        {
            throw NoJson(error);
        }
    }

    /// <summary>What is said of a file that is no JSON.</summary>
    internal static SharedDemoException NoJson(JsonException error) =>
        new("demo.not_json", $"This is no demo: it is not JSON from line {(error.LineNumber ?? 0) + 1} on.");

    private static int? Scan(Utf8JsonReader reader)
    {
        int? version = null;
        var (values, isVersion, isObject) = (0, false, false);
        while (reader.Read())
        {
            if (++values > DemoLimits.Values)
                throw new SharedDemoException("demo.too_many_values", $"The demo has more than {DemoLimits.Values:N0} values, which is more than is read.");
            if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.StartObject)
                isObject = true;
            if (isVersion && reader.TokenType == JsonTokenType.Number)
                version = reader.TryGetInt32(out var number) ? number : reader.TryGetDouble(out var real) && real > 0 ? int.MaxValue : 0;
            isVersion = reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(Version);
        }

        // The reader was told that more may come: an object that it has not seen the end of was cut.
        if (values == 0 || reader.CurrentDepth > 0 || (isObject && reader.TokenType != JsonTokenType.EndObject))
            throw new SharedDemoException("demo.cut", $"The demo ends before it is whole: it was cut, or is still being copied.");
        return isObject ? version : throw new SharedDemoException("demo.no_object", $"This is no demo: it is JSON, but no object.");
    }
}
