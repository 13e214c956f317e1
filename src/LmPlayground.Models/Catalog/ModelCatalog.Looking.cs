using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Catalog;

/// <content>How models come into the list. The disk is read outside the lock of the list, by one at a time; the others go on.</content>
public sealed partial class ModelCatalog
{
    private const int MostNamed = 20;

    private readonly Lock _looking = new();
    private readonly Lock _refreshing = new();
    private Task? _refresh;

    /// <summary>Looks whether models have come to the disk since.</summary>
    public void Refresh()
    {
        lock (_looking)
        {
            var problems = Look(discovery => discovery.Look(_options)).Problems;
            foreach (var problem in problems.Except(_problems))
                LogProblem(problem);
            Volatile.Write(ref _problems, problems);
        }

        RaiseChanged();
    }

    /// <inheritdoc/>
    public Task RefreshAsync()
    {
        // Who asks while the disk is being read gets the same answer.
        lock (_refreshing)
            return _refresh is { IsCompleted: false } running ? running : _refresh = Task.Run(Refresh);
    }

    /// <summary>Adds what a search finds.</summary>
    private ModelDiscovery Look(Action<ModelDiscovery> search)
    {
        lock (_looking)
        {
            IReadOnlyCollection<ModelSource> known;
            lock (_lock)
                known = [.. _slots.Select(slot => slot.Source)];
            var discovery = new ModelDiscovery(_disk, known);
            search(discovery);
            CatalogSlot[] added = [.. discovery.Found.Select(found => new CatalogSlot(found.Source, found.Entry))];
            lock (_lock)
            {
                _slots.AddRange(added);
                _entries = null;
            }

            return discovery;
        }
    }

    /// <summary>A model that is not in the list by this name: that of a folder, or one that has come since.</summary>
    /// <exception cref="ModelLoadException">There is none.</exception>
    private (CatalogSlot Slot, Task<IModel> Loading) Discover(string idOrDirectory)
    {
        if (!Directory.Exists(idOrDirectory))
        {
            // The folder of several variants, and which of them.
            var colon = idOrDirectory.LastIndexOf(':');
            if (colon > 0 && Directory.Exists(idOrDirectory[..colon]))
                return PinFolder(idOrDirectory[..colon], idOrDirectory[(colon + 1)..]);
            Refresh();
            return Pin(idOrDirectory) ?? throw new ModelLoadException(idOrDirectory, $"is neither a known model nor a folder. {Known()}.");
        }

        return PinFolder(idOrDirectory, null);
    }

    private (CatalogSlot Slot, Task<IModel> Loading) PinFolder(string path, string? variant)
    {
        var directory = new ModelFolder(path).Directory;
        if (SlotsOf(directory).Length == 0)
        {
            var listing = _disk.List(directory);
            if (!ModelFiles.AreIn(listing))
                throw new ModelLoadException(directory, "is not the folder of a model: it holds no .onnx file and no config.json.");
            Look(discovery => discovery.Add(listing));
        }

        var slots = SlotsOf(directory);
        var slot = variant is null ? slots[0] : Array.Find(slots, slot => slot.Source.Variant?.Name == variant)
            ?? throw new ModelLoadException(directory, $"has no variant \"{variant}\"; it has {string.Join(", ", slots.Select(slot => slot.Source.Variant?.Name ?? "no choice"))}.");
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Pin(slot);
        }
    }

    private CatalogSlot[] SlotsOf(string directory)
    {
        lock (_lock)
            return [.. _slots.Where(slot => slot.Source.Directory == directory)];
    }

    private string Known()
    {
        var entries = Entries;
        var more = entries.Count > MostNamed ? $", and {entries.Count - MostNamed} more" : "";
        return entries.Count == 0 ? "There are none" : $"Known models: {string.Join(", ", entries.Take(MostNamed).Select(entry => entry.Id))}{more}";
    }
}
