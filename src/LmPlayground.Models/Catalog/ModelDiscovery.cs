using LmPlayground.Models.Hub;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Catalog;

/// <summary>Finds the model folders in the folders that the options name, without those that are known already.</summary>
/// <param name="disk">The disk.</param>
/// <param name="known">The models that the catalogue has.</param>
internal sealed class ModelDiscovery(ModelDisk disk, IReadOnlyCollection<ModelSource> known)
{
    private readonly List<(ModelSource Source, ModelEntry Entry)> _found = [];
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _ids = [.. known.Select(source => source.Id)];
    private readonly HashSet<string> _directories = [.. known.Select(source => source.Directory)];
    private readonly HashSet<(string, string?)> _variants = [.. known.Select(source => (source.Directory, source.Variant?.Name))];

    /// <summary>New models in the order of the picker: embedded first, each folder in the order of its index, then by name, the hub's cache last.</summary>
    public IReadOnlyList<(ModelSource Source, ModelEntry Entry)> Found => _found;

    /// <summary>Folders that are not there, and index files that could not be read; their models are there without what the index says of them.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Looks into every folder that the options name.</summary>
    public void Look(ModelCatalogOptions options)
    {
        if (options.EmbeddedDirectory is { } embedded)
            LookInto(embedded, isEmbedded: true);
        foreach (var directory in options.Directories)
            LookInto(directory, isEmbedded: false);
        if (options.HubCacheDirectory is { } cache)
        {
            foreach (var snapshot in new HubCache(cache).Models())
                Add(disk.List(snapshot.Directory), snapshot.Repository, false, null);
        }
    }

    /// <summary>What a folder offers: one model, or each of its variants, the one that runs best first and under the plain name.</summary>
    /// <param name="listing">The folder's files.</param>
    /// <param name="title">The repository's name on a hub, or null for the folder's own.</param>
    /// <param name="isEmbedded">Whether it came with the playground.</param>
    /// <param name="index">What the index beside it says of it, if anything.</param>
    public void Add(FolderListing listing, string? title = null, bool isEmbedded = false, ModelIndexEntry? index = null)
    {
        _directories.Add(listing.Directory);
        var variants = listing.Has(GenaiConfig.FileName) ? [] : GraphVariant.Among(listing.Has);
        var name = title ?? Path.GetFileName(listing.Directory);
        var isFirst = true;
        foreach (var variant in variants.DefaultIfEmpty<GraphVariant?>(null))
        {
            if (_variants.Add((listing.Directory, variant?.Name)))
            {
                var source = new ModelSource(UniqueId(isFirst ? name : $"{name}:{variant!.Name}"), listing.Directory, isEmbedded, index)
                {
                    Title = title,
                    Variant = variant,
                    HasSiblings = variants.Count > 1,
                    IsFromHub = title is not null,
                };
                _found.Add((source, disk.Describe(source, listing)));
            }

            isFirst = false;
        }
    }

    private void LookInto(string directory, bool isEmbedded)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (_directories.Contains(path))
            return;
        if (disk.List(path) is var own && ModelFiles.AreIn(own))
        {
            Add(own, null, isEmbedded);
            return;
        }

        try
        {
            LookIntoEach(path, isEmbedded);
        }
        catch (DirectoryNotFoundException)
        {
            _problems.Add($"{path}: there is no such folder. It is looked for again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{path}: cannot be listed: {e.Message}");
        }
    }

    private void LookIntoEach(string path, bool isEmbedded)
    {
        var subfolders = disk.Subfolders(path);
        HashSet<string> there = [.. subfolders.Select(subfolder => Path.GetFileName(subfolder))];
        var fresh = subfolders.Where(subfolder => !_directories.Contains(subfolder)).Select(disk.List).Where(ModelFiles.AreIn)
            .ToDictionary(listing => Path.GetFileName(listing.Directory), StringComparer.Ordinal);
        foreach (var entry in ReadIndex(path)?.Models ?? [])
        {
            if (fresh.Remove(entry.Folder, out var listed))
                Add(listed, null, isEmbedded, entry);
            else if (!there.Contains(entry.Folder) || !_directories.Contains(Path.Combine(path, entry.Folder)))
                _problems.Add($"{entry.File}: lists \"{entry.Folder}\", which is no model folder beside it.");
        }

        foreach (var (_, other) in fresh.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Add(other, null, isEmbedded);
    }

    private ModelIndex? ReadIndex(string directory)
    {
        try
        {
            return ModelIndex.Read(directory);
        }
        catch (ModelLoadException e)
        {
            _problems.Add(e.Message);
            return null;
        }
    }

    /// <summary>An id that no other model has: the name, with a number where that is taken.</summary>
    private string UniqueId(string name)
    {
        if (name.Length == 0)
            name = "model";
        var id = name;
        for (var number = 2; !_ids.Add(id); number++)
            id = $"{name}-{number}";
        return id;
    }
}
