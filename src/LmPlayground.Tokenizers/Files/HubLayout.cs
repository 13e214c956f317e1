namespace LmPlayground.Tokenizers.Files;

/// <summary>How the cache of Hugging Face's tools lays a repository out: <c>models--OWNER--NAME</c> with its <c>blobs</c> and <c>snapshots</c>.</summary>
internal static class HubLayout
{
    public const string Prefix = "models--";
    public const string Blobs = "blobs";
    public const string Snapshots = "snapshots";

    /// <summary>The <c>blobs</c> folder that belongs to a snapshot's folder, or null where the folder is none.</summary>
    public static string? BlobsOf(string snapshot)
    {
        var snapshots = Path.GetDirectoryName(snapshot);
        var repository = Path.GetDirectoryName(snapshots);
        return repository is not null && Path.GetFileName(snapshots) == Snapshots && Path.GetFileName(repository).StartsWith(Prefix, StringComparison.Ordinal)
            ? Path.Combine(repository, Blobs)
            : null;
    }
}
