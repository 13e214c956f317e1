using LmPlayground.Models.Hub;
using LmPlayground.Models.Onnx.Graph;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Catalog;

/// <summary>Finds the model folders in the folders that the options name.</summary>
internal sealed class ModelDiscovery
{
    private readonly List<ModelSource> _found = [];
    private readonly List<string> _problems = [];

    /// <summary>The models in the order of the picker: embedded first, each folder in the order of its index, then by name, the hub's cache last.</summary>
    public IReadOnlyList<ModelSource> Found => _found;

    /// <summary>Index files that could not be read; their models are there without what the index says of them.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <exception cref="ModelLoadException">A folder that the options name does not exist or cannot be read.</exception>
    public static ModelDiscovery Run(ModelCatalogOptions options)
    {
        var discovery = new ModelDiscovery();
        if (options.EmbeddedDirectory is { } embedded)
            discovery.Add(embedded, isEmbedded: true);
        foreach (var directory in options.Directories)
            discovery.Add(directory, isEmbedded: false);
        if (options.HubCacheDirectory is { } cache)
            discovery.AddCache(cache);
        return discovery;
    }

    /// <summary>An id that none of <paramref name="taken"/> is: the name, with a number where that is taken.</summary>
    public static string UniqueId(string name, IEnumerable<string> taken)
    {
        if (name.Length == 0)
            name = "model";
        var ids = taken.ToHashSet(StringComparer.Ordinal);
        var id = name;
        for (var number = 2; ids.Contains(id); number++)
            id = $"{name}-{number}";
        return id;
    }

    private void Add(string directory, bool isEmbedded)
    {
        var folder = new ModelFolder(directory);
        if (ModelFiles.AreIn(folder.Directory))
        {
            AddModel(folder.Directory, isEmbedded, null);
            return;
        }

        string[] subfolders;
        try
        {
            subfolders = [.. Directory.EnumerateDirectories(folder.Directory).Where(ModelFiles.AreIn).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(folder.Directory, $"cannot be listed: {e.Message}", e);
        }

        ModelIndexEntry[] index = [.. ReadIndex(folder.Directory)?.Models ?? []];
        foreach (var entry in index)
        {
            var listed = Array.Find(subfolders, s => Path.GetFileName(s) == entry.Folder);
            if (listed is null)
                _problems.Add($"{entry.File}: lists \"{entry.Folder}\", which is no model folder beside it.");
            else
                AddModel(listed, isEmbedded, entry);
        }

        foreach (var other in subfolders.Where(s => !Array.Exists(index, e => e.Folder == Path.GetFileName(s))))
            AddModel(other, isEmbedded, null);
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

    private void AddModel(string directory, bool isEmbedded, ModelIndexEntry? index)
    {
        if (!_found.Exists(m => m.Directory == directory))
            _found.AddRange(Sources(directory, null, isEmbedded, index, _found.Select(m => m.Id)));
    }

    /// <summary>What a folder offers: one model, or each of its variants, the one that runs best first and under the plain name.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="title">The repository's name on a hub, or null for the folder's own.</param>
    /// <param name="isEmbedded">Whether it came with the playground.</param>
    /// <param name="index">What the index beside it says of it, if anything.</param>
    /// <param name="taken">The ids that others have.</param>
    public static IReadOnlyList<ModelSource> Sources(
        string directory, string? title, bool isEmbedded, ModelIndexEntry? index, IEnumerable<string> taken)
    {
        HashSet<string> ids = [.. taken];
        var variants = File.Exists(Path.Combine(directory, GenaiConfig.FileName)) ? [] : GraphVariant.In(directory);
        var sources = new List<ModelSource>();
        foreach (var variant in variants.DefaultIfEmpty<GraphVariant?>(null))
        {
            var name = title ?? Path.GetFileName(directory);
            var id = UniqueId(sources.Count == 0 ? name : $"{name}:{variant!.Name}", ids);
            ids.Add(id);
            sources.Add(new ModelSource(id, directory, isEmbedded, index)
            {
                Title = title,
                Variant = variant,
                HasSiblings = variants.Count > 1,
                IsFromHub = title is not null,
            });
        }

        return sources;
    }

    private void AddCache(string directory)
    {
        foreach (var snapshot in new HubCache(directory).Models())
        {
            if (!_found.Exists(m => m.Directory == snapshot.Directory))
                _found.AddRange(Sources(snapshot.Directory, snapshot.Repository, false, null, _found.Select(m => m.Id)));
        }
    }
}
