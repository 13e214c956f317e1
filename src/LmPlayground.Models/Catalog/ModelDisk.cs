namespace LmPlayground.Models.Catalog;

/// <summary>What looking for models asks of the disk. All of it may take as long as a slow disk likes.</summary>
internal class ModelDisk
{
    /// <summary>The folders in a folder, in the order of their names.</summary>
    public virtual IReadOnlyList<string> Subfolders(string directory) => [.. Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal)];

    /// <summary>The names of a folder's files.</summary>
    public virtual FolderListing List(string directory) => FolderListing.Read(directory);

    /// <summary>What people are told of a model before it is loaded.</summary>
    public virtual ModelEntry Describe(ModelSource source, FolderListing listing) => source.Describe(listing);
}
