using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Catalog;

/// <summary>Decides which models leave memory so that all of them together stay below a limit. Guarded by the catalogue's lock.</summary>
/// <remarks>
/// What a model takes is its files' size until it is loaded, and then what the process was seen to grow by: packing weights for the
/// processor and widening half precision cost more than the files say.
/// </remarks>
internal sealed class MemoryBudget(long? limit, IReadOnlyList<CatalogSlot> slots)
{
    /// <summary>A growth beyond this many times the files' size is somebody else's.</summary>
    private const int MostGrowth = 4;

    /// <summary>Sets memory aside for a model that is about to be loaded.</summary>
    /// <returns>The idle models to unload for it, the least recently used first.</returns>
    /// <exception cref="ModelLoadException">Even without every idle model there is no room.</exception>
    public IReadOnlyList<CatalogSlot> Reserve(CatalogSlot slot)
    {
        var needed = slot.Entry.SizeInBytes;
        var busy = slots.Where(other => other != slot && !other.IsIdle).Sum(other => other.Memory);
        if (limit is { } most && busy + needed > most)
        {
            var others = busy == 0 ? "" : $", of which models in use take {Megabytes(busy)}";
            var remedy = needed > most ? "" : "try again when they have ended, ";
            throw new ModelLoadException(
                slot.Source.Directory,
                $"needs about {Megabytes(needed)} of memory; the limit is {Megabytes(most)}{others}: {remedy}choose a smaller variant, or raise Models:MemoryLimit.");
        }

        slot.Memory = needed;
        return Surplus();
    }

    /// <summary>Notes what a load took.</summary>
    /// <param name="slot">The model.</param>
    /// <param name="growth">By how much the process grew, or null where other loads disturbed the measurement.</param>
    public static void Measured(CatalogSlot slot, long? growth)
    {
        var size = slot.Entry.SizeInBytes;
        if (growth is { } bytes)
            slot.Memory = Math.Clamp(bytes, size, size * MostGrowth);
    }

    /// <summary>The idle models to unload, the least recently used first, until the rest is below the limit.</summary>
    public IReadOnlyList<CatalogSlot> Surplus()
    {
        if (limit is not { } most)
            return [];
        var surplus = new List<CatalogSlot>();
        var total = slots.Sum(slot => slot.Memory);
        foreach (var idle in slots.Where(slot => slot.IsIdle).OrderBy(slot => slot.LastUsed))
        {
            if (total <= most)
                break;
            total -= idle.Memory;
            surplus.Add(idle);
        }

        return surplus;
    }

    private static string Megabytes(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB");
}
