using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LmPlayground.Recorded.Tests;

/// <summary>
/// A file of cases: what is put in, and under <c>expected</c> what came out when it was recorded. With the environment variable
/// <c>LMPLAYGROUND_RECORD=1</c> what comes out is written into the file instead of being compared with it.
/// </summary>
internal sealed class Recording
{
    private const string Expected = "expected";

    private static readonly bool IsRecording = Environment.GetEnvironmentVariable("LMPLAYGROUND_RECORD") == "1";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly JsonArray _cases;

    /// <summary>Reads a file of <c>tests/fixtures/recorded</c>.</summary>
    internal Recording(string file)
    {
        _path = TestFiles.Fixture("recorded", file);
        _cases = JsonNode.Parse(File.ReadAllText(_path))!.AsArray();
    }

    /// <summary>The names of its cases.</summary>
    internal IEnumerable<string> Names => _cases.Select(NameOf);

    /// <summary>Holds a case to what was recorded.</summary>
    /// <param name="name">The case's name.</param>
    /// <param name="replay">Makes of the case what comes out of the program.</param>
    internal async Task HoldAsync(string name, Func<JsonObject, Task<JsonObject>> replay)
    {
        var given = _cases.Single(given => NameOf(given) == name)!.AsObject();
        // Read as the file will be: a number is a number, whatever it was made from.
        var actual = JsonNode.Parse((await replay(given)).ToJsonString())!;
        if (IsRecording)
        {
            given[Expected] = actual;
            await File.WriteAllTextAsync(_path, Write(_cases, 0) + "\n", TestContext.Current.CancellationToken);
            return;
        }

        var expected = given[Expected] ?? throw new InvalidOperationException($"{name} is not recorded: run with LMPLAYGROUND_RECORD=1.");
        if (Difference.Of(expected, actual) is { } difference)
            Assert.Fail($"{name}\n{difference}\nexpected: {expected.ToJsonString(Json)}\nactual:   {actual.ToJsonString(Json)}");
    }

    private static string NameOf(JsonNode? given) => (string)given!["name"]!;

    /// <summary>Each value of a case on its own line, however long.</summary>
    private static string Write(JsonNode? node, int depth)
    {
        var (inside, end) = (new string(' ', 2 * depth + 2), new string(' ', 2 * depth));
        return (node, depth) switch
        {
            (JsonArray { Count: > 0 } cases, 0) => $"[\n{string.Join(",\n", cases.Select(item => inside + Write(item, 1)))}\n{end}]",
            (JsonArray { Count: > 0 } lines, 3) when lines[0] is JsonObject => $"[\n{string.Join(",\n", lines.Select(item => inside + Write(item, 4)))}\n{end}]",
            (JsonObject { Count: > 0 } members, < 3) =>
                $"{{\n{string.Join(",\n", members.Select(member => $"{inside}{JsonSerializer.Serialize(member.Key, Json)}: {Write(member.Value, depth + 1)}"))}\n{end}}}",
            (null, _) => "null",
            _ => node.ToJsonString(Json),
        };
    }
}
