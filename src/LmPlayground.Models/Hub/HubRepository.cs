using System.Collections.Immutable;
using LmPlayground.Models.Onnx.Graph;

namespace LmPlayground.Models.Hub;

/// <summary>A file of a repository.</summary>
/// <param name="Path">Its path, with forward slashes, which has been found to stay inside a folder.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Checksum">SHA-256 (64 digits) of a large file's bytes, or git's SHA-1 (40 digits) of a small one, in lower-case hexadecimal.</param>
public sealed record HubFile(string Path, long Size, string Checksum);

/// <summary>One way to download a model.</summary>
/// <param name="Name">The variant: "q4".</param>
/// <param name="Files">All files that it needs, the graph last.</param>
public sealed record HubVariant(string Name, ImmutableArray<HubFile> Files)
{
    /// <summary>Bytes to download when nothing is there yet; the greatest number where the sum is beyond it.</summary>
    public long Size => ByteCount.Sum(Files, file => file.Size);
}

/// <summary>A repository as the hub describes one revision of it.</summary>
public sealed record HubRepository
{
    private static readonly ImmutableArray<string> Companions =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model",
        "chat_template.jinja", "chat_template.json", "genai_config.json", "preprocessor_config.json", "README.md",
    ];

    /// <summary>"org/name".</summary>
    public required HubRepositoryId Id { get; init; }

    /// <summary>What was asked for: a branch, a tag or a commit.</summary>
    public required string Revision { get; init; }

    /// <summary>The commit that this is.</summary>
    public required string Commit { get; init; }

    /// <summary>The licence that the repository states, or null.</summary>
    public string? License { get; init; }

    /// <summary>Whether its files are given only to those who have accepted its terms.</summary>
    public bool IsGated { get; init; }

    /// <summary>Its files.</summary>
    public ImmutableArray<HubFile> Files { get; init; } = [];

    /// <summary>The ways to download it, the one that runs best on a processor first; empty where it holds no ONNX language model.</summary>
    public ImmutableArray<HubVariant> Variants
    {
        get
        {
            var byPath = Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
            return
            [
                .. from variant in GraphVariant.Among(byPath.ContainsKey)
                   let companions = Companions.Where(byPath.ContainsKey).Select(name => byPath[name])
                   let weights = Files.Where(file => variant.Owns(file.Path)).OrderBy(file => file.Path == variant.GraphName)
                   select new HubVariant(variant.Name, [.. companions, .. weights]),
            ];
        }
    }

    /// <summary>The variant of that name, or the first one.</summary>
    /// <exception cref="HubException">There is none.</exception>
    public HubVariant Choose(string? name)
    {
        var variants = Variants;
        if (variants.IsEmpty)
            throw new HubException($"{Id} holds no ONNX language model (onnx/model.onnx or the like). Look for one of the same name at onnx-community.");
        if (name is null)
            return variants[0];
        var wanted = name is "fp32" ? GraphVariant.Full : name;
        return variants.FirstOrDefault(variant => variant.Name == wanted)
            ?? throw new HubException($"{Id} has no variant \"{name}\"; it has {string.Join(", ", variants.Select(variant => variant.Name))}.");
    }
}

/// <summary>A repository that a search found.</summary>
/// <param name="Id">"org/name".</param>
/// <param name="Downloads">How often it was downloaded in the last month.</param>
/// <param name="License">The licence that it states, or null.</param>
public sealed record HubSearchResult(string Id, long Downloads, string? License);
