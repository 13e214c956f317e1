using System.Collections.Immutable;
using System.Text.Json;
using LmPlayground.Runs;

namespace LmPlayground.Web.Sharing;

/// <summary>The list of the recorded demos, <c>wwwroot-assets/demos/demos.json</c>: written by hand, and the documents beside it are made of it.</summary>
internal sealed record RecordedDemoList
{
    /// <summary>The name of the list's file.</summary>
    internal const string File = "demos.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    /// <summary>The time that the documents say they were made at, and that a chat template sees: not the clock's, so that the same list gives the same bytes.</summary>
    internal required DateTime Created { get; init; }

    /// <summary>The demo that a newcomer sees first.</summary>
    internal required RecordedDemo First { get; init; }

    /// <summary>All of them, in the order of the gallery.</summary>
    internal required ImmutableArray<RecordedDemo> All { get; init; }

    /// <summary>Reads the list.</summary>
    /// <exception cref="JsonException">It is no such list.</exception>
    internal static RecordedDemoList Read(Stream json)
    {
        var document = JsonSerializer.Deserialize<Document>(json, Json)!;
        ImmutableArray<RecordedDemo> all =
            [.. document.Demos.Select(demo => new RecordedDemo(demo.Name, demo.Group, demo.Title, demo.Sentence, Read(demo, document.Created.DateTime)))];
        return new RecordedDemoList
        {
            Created = document.Created.UtcDateTime,
            First = all.FirstOrDefault(demo => demo.Name == document.First) ?? throw new JsonException($"There is no demo {document.First}, which is to be the first."),
            All = all,
        };
    }

    /// <summary>What is asked for, so that it means the same later on: with the version of the defaults, and the time that a chat template sees.</summary>
    private static RunRequest Read(Entry demo, DateTime created)
    {
        var reading = RunJson.Read(demo.Request);
        var problem = reading.Problems is [var first, ..] ? first.Error : Unknown(demo.Request) is { } name ? $"there is no setting {name}" : null;
        return problem is null
            ? reading.Request with { Defaults = RunRequest.DefaultsVersion, TemplateTime = created }
            : throw new JsonException($"The request of {demo.Name}: {problem}");
    }

    /// <summary>A name that no setting has: the reader of requests passes over it, and a list would go on without what it asks for.</summary>
    private static string? Unknown(JsonElement request) => request.EnumerateObject().Select(property => property.Name)
        .Except(RunSettings.All.Select(setting => setting.Name))
        .Concat(request.TryGetProperty(RunSettings.Columns.Name, out var columns) ? columns.EnumerateArray().Select(Unknown).OfType<string>() : [])
        .FirstOrDefault();

    private sealed record Document(DateTimeOffset Created, string First, ImmutableArray<Entry> Demos);

    private sealed record Entry(string Name, string Group, string Title, string Sentence, JsonElement Request);
}
