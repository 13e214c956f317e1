namespace LmPlayground.Models.Catalog;

/// <summary>Whether a model can be used now.</summary>
public enum ModelState
{
    /// <summary>On disk, not in memory.</summary>
    Available,

    /// <summary>Being read into memory.</summary>
    Loading,

    /// <summary>In memory.</summary>
    Ready,

    /// <summary>Cannot be used; <see cref="ModelEntry.Error"/> says why.</summary>
    Failed,
}

/// <summary>One model that the catalogue knows, whether or not it can be loaded. Immutable: ask the catalogue again for news.</summary>
public sealed record ModelEntry
{
    /// <summary>What the command line and the address call it.</summary>
    public required string Id { get; init; }

    /// <summary>What the page calls it.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people, or empty.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Its folder.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether it came with the playground.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Whether it was found in the cache of a hub.</summary>
    public bool IsFromHub { get; init; }

    /// <summary>Which of its folder's graphs it is ("q4", "full"), or null where there is no choice.</summary>
    public string? Variant { get; init; }

    /// <summary>SPDX name of the licence of the weights, or null.</summary>
    public string? License { get; init; }

    /// <summary>Size on disk in bytes, of this variant alone.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>Whether it can be used now.</summary>
    public ModelState State { get; init; }

    /// <summary>How much of it has been read while it is being loaded: 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>What it takes in memory, in bytes, as far as that can be measured; 0 while it is not in memory.</summary>
    public long MemoryInBytes { get; init; }

    /// <summary>How a masked model's hidden token is written in a text; null for models of other kinds. Before the model is loaded, what its files promise.</summary>
    public string? MaskToken { get; init; }

    /// <summary>Whether it writes from a source text (encoder-decoders), as far as its files tell before it is loaded.</summary>
    public bool ReadsSource { get; init; }

    /// <summary>Whether it has a chat template, so that it answers messages; before it is loaded, as far as its files tell.</summary>
    public bool HasChatTemplate { get => Card is { } card ? card.ChatTemplate is not null : field; init; }

    /// <summary>Known once it has been loaded, also after it was unloaded again.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>Why it cannot be used, or could not for lack of memory when it was last asked for: the file and the reason; else null.</summary>
    public string? Error { get; init; }
}
