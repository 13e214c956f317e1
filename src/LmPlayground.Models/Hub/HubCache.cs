using System.Security;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Hub;

/// <summary>A model of the cache: one revision of a repository.</summary>
/// <param name="Repository">"org/name".</param>
/// <param name="Revision">The commit.</param>
/// <param name="Directory">The folder with its files, a full path.</param>
internal sealed record HubSnapshot(string Repository, string Revision, string Directory);

/// <summary>
/// The folder in which Hugging Face's tools keep what they download:
/// <c>models--ORG--NAME/{blobs/ETAG, snapshots/COMMIT/FILE, refs/REVISION}</c>, where the files of a snapshot are links into <c>blobs</c>.
/// </summary>
/// <remarks>https://huggingface.co/docs/huggingface_hub/guides/manage-cache</remarks>
internal sealed class HubCache(string directory)
{
    private const string Separator = "--";
    private const string References = "refs";

    /// <summary>The cache's folder, which need not exist.</summary>
    public string Directory { get; } = Path.GetFullPath(directory);

    /// <summary>Where the tools look for the cache: HF_HUB_CACHE, else HF_HOME/hub, else ~/.cache/huggingface/hub.</summary>
    /// <param name="variable">Gives an environment variable.</param>
    public static string Find(Func<string, string?> variable) =>
        variable("HF_HUB_CACHE") is { Length: > 0 } cache ? cache : Path.Combine(Home(variable), "hub");

    /// <summary>HF_HOME, else XDG_CACHE_HOME/huggingface, else ~/.cache/huggingface.</summary>
    public static string Home(Func<string, string?> variable)
    {
        if (variable("HF_HOME") is { Length: > 0 } home)
            return home;
        var caches = variable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(caches, "huggingface");
    }

    /// <summary>The models that hold a graph, its tokenizer and its configuration, by name. What cannot be read is left out.</summary>
    public IReadOnlyList<HubSnapshot> Models()
    {
        try
        {
            return
            [
                .. new DirectoryInfo(Directory).EnumerateDirectories(HubLayout.Prefix + "*")
                    .OrderBy(folder => folder.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(Current).OfType<HubSnapshot>().Where(IsUsable),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            return [];
        }
    }

    /// <summary>The folder of a repository.</summary>
    public string RepositoryFolder(HubRepositoryId repository) => Path.Combine(Directory, HubLayout.Prefix + repository.ToString().Replace("/", Separator, StringComparison.Ordinal));

    /// <summary>Where a file's bytes lie: named by what they are, so that revisions share them.</summary>
    public string Blob(HubRepositoryId repository, string checksum) => Path.Combine(RepositoryFolder(repository), HubLayout.Blobs, checksum);

    /// <summary>The folder of one revision.</summary>
    public string Snapshot(HubRepositoryId repository, string commit) => Path.Combine(RepositoryFolder(repository), HubLayout.Snapshots, commit);

    /// <summary>The file that says which commit a branch or tag is at.</summary>
    public string Reference(HubRepositoryId repository, string revision) => Path.Combine(RepositoryFolder(repository), References, revision);

    private static HubSnapshot? Current(DirectoryInfo repository)
    {
        var name = repository.Name[HubLayout.Prefix.Length..];
        var cut = name.IndexOf(Separator, StringComparison.Ordinal);
        var id = cut < 0 ? name : $"{name[..cut]}/{name[(cut + Separator.Length)..]}";
        try
        {
            var main = Path.Combine(repository.FullName, References, "main");
            var snapshots = Path.Combine(repository.FullName, HubLayout.Snapshots);
            var snapshot = File.Exists(main) ? new DirectoryInfo(Path.Combine(snapshots, Path.GetFileName(File.ReadAllText(main).Trim()))) : null;
            if (snapshot is not { Exists: true })
                snapshot = new DirectoryInfo(snapshots).EnumerateDirectories().MaxBy(folder => folder.LastWriteTimeUtc);
            return snapshot is null ? null : new HubSnapshot(id, snapshot.Name, snapshot.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsUsable(HubSnapshot snapshot)
    {
        bool Has(string name) => File.Exists(Path.Combine(snapshot.Directory, name));
        return Has("tokenizer.json") && (Has("config.json") || Has(GenaiConfig.FileName))
            && (GraphVariant.In(snapshot.Directory).Count > 0 || Has(GenaiConfig.FileName));
    }
}
