namespace LmPlayground.Demos;

/// <summary>What a store takes, and for how long it keeps it.</summary>
public sealed class DemoStoreOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Demos";

    private static readonly int[] UsualDays = [1, 7, 30];

    /// <summary>The most bytes that one document may have as it is kept (compressed). A run of 256 tokens has about 64 KB.</summary>
    public int MaxDocumentBytes { get; set; } = 4 << 20;

    /// <summary>How many links that work one owner may have at the same time. From 1.</summary>
    public int MaxPerOwner { get; set; } = 500;

    /// <summary>How many bytes all demos together may take; what is left of an expired one counts too.</summary>
    public long MaxTotalBytes { get; set; } = 4L << 30;

    /// <summary>How many days a link works if nobody chose; one of <see cref="AllowedDays"/>.</summary>
    public int DefaultDays { get; set; } = 30;

    /// <summary>The numbers of days that an owner can choose from; empty for 1, 7 and 30.</summary>
    public IList<int> AllowedDays { get; } = [];

    /// <summary>Whether an owner may choose a link that never ends.</summary>
    public bool AllowForever { get; set; }

    /// <summary>How often the documents of ended links are deleted and views are written down: see <see cref="IDemoStore.SweepAsync"/>.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary><see cref="AllowedDays"/> as they are in use, in ascending order.</summary>
    public IReadOnlyList<int> EffectiveAllowedDays => AllowedDays.Count > 0 ? [.. AllowedDays.Distinct().Order()] : UsualDays;
}
