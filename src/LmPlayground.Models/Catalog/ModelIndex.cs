using System.Collections.Immutable;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Catalog;

/// <summary>What a <c>models.json</c> beside model folders says of them for people; the order of its list is that of the picker.</summary>
/// <example><code>{ "models": [ { "folder": "tiny", "name": "Tiny", "summary": "...", "license": "CC0-1.0", "prefix": ["&lt;s&gt;"], "examples": ["Once"] } ] }</code></example>
internal sealed class ModelIndex
{
    public const string FileName = "models.json";

    private ModelIndex(string file, ImmutableArray<ModelIndexEntry> models)
    {
        File = file;
        Models = models;
    }

    public string File { get; }

    public ImmutableArray<ModelIndexEntry> Models { get; }

    /// <summary>Reads the index of a folder of models, or null where there is none.</summary>
    /// <exception cref="ModelLoadException">The file is malformed, names a folder twice, or names what is no folder beside it.</exception>
    public static ModelIndex? Read(string directory)
    {
        if (new ModelFolder(directory).Find(FileName) is not { } file)
            return null;
        var models = ImmutableArray.CreateBuilder<ModelIndexEntry>();
        foreach (var item in JsonSource.Read(file).Required("models").Items())
        {
            var folder = item.Required("folder").AsString();
            if (!IsPlainName(folder))
                throw item.Wrong($"\"{folder}\" is no plain folder name");
            if (models.Any(m => m.Folder == folder))
                throw item.Wrong($"\"{folder}\" is listed twice");
            models.Add(new ModelIndexEntry
            {
                File = file,
                Folder = folder,
                Name = item.Optional("name")?.AsString() is { Length: > 0 } name ? name : folder,
                Summary = item.Optional("summary")?.AsString() ?? "",
                License = item.Optional("license")?.AsString(),
                Prefix = Strings(item.Optional("prefix")),
                Examples = Strings(item.Optional("examples")),
            });
        }

        return new ModelIndex(file, models.ToImmutable());
    }

    private static ImmutableArray<string> Strings(JsonSource? list) => [.. (list?.Items() ?? []).Select(item => item.AsString())];

    private static bool IsPlainName(string name) =>
        name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\\', ':') && !name.Any(char.IsControl);
}

/// <summary>One model of a <see cref="ModelIndex"/>.</summary>
internal sealed record ModelIndexEntry
{
    /// <summary>The index file, for errors.</summary>
    public required string File { get; init; }

    /// <summary>The model's folder beside the index.</summary>
    public required string Folder { get; init; }

    /// <summary>What the page calls it.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Summary { get; init; } = "";

    /// <summary>SPDX name of the weights' licence.</summary>
    public string? License { get; init; }

    /// <summary>Tokens put in front of every prompt, in the vocabulary's spelling.</summary>
    public ImmutableArray<string> Prefix { get; init; } = [];

    /// <summary>Prompts that suit it.</summary>
    public ImmutableArray<string> Examples { get; init; } = [];
}
