namespace LmPlayground.Sharing.Replaying;

/// <summary>A demo that is run again, as it stands at one moment. Immutable.</summary>
public sealed record ReplayDetail
{
    /// <summary>The demo's id: by it a page that comes back knows whether the verdict is that of what it shows.</summary>
    public required string DemoId { get; init; }

    /// <summary>How many sequences are read at once.</summary>
    public required int Rows { get; init; }

    /// <summary>How many tokens the demo has that are run again.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them are there.</summary>
    public int Done { get; init; }

    /// <summary>Whether it reproduces; null until that is known, and where it was cancelled.</summary>
    public DemoVerdict? Verdict { get; init; }
}
