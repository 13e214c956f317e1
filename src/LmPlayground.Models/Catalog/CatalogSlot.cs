namespace LmPlayground.Models.Catalog;

/// <summary>A model of the catalogue with its place in memory. Guarded by the catalogue's lock.</summary>
internal sealed class CatalogSlot(ModelSource source, ModelEntry entry)
{
    public ModelSource Source { get; } = source;

    public ModelEntry Entry { get; set; } = entry;

    /// <summary>The load under way or done, or null while the model is not in memory.</summary>
    public Task<IModel>? Loading { get; set; }

    /// <summary>How many leases there are, those still waiting for the load included.</summary>
    public int Pins { get; set; }

    /// <summary>When it was last asked for or released, on the catalogue's own count.</summary>
    public long LastUsed { get; set; }

    /// <summary>What it takes in memory, in bytes: reserved before it is loaded, 0 when it is not.</summary>
    public long Memory { get; set; }

    /// <summary>Whether it is in memory and nobody uses it.</summary>
    public bool IsIdle => Pins == 0 && Loading is { IsCompletedSuccessfully: true };
}
