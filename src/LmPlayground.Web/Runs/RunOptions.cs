namespace LmPlayground.Web.Runs;

/// <summary>How many runs there may be, and for how long.</summary>
public sealed class RunOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Runs";

    /// <summary>How many runs generate at the same time; the others wait in a queue.</summary>
    public int MaxConcurrent { get; set; } = 2;

    /// <summary>How many runs may wait; one more is refused with a message.</summary>
    public int MaxQueued { get; set; } = 100;

    /// <summary>How many finished runs are kept for pages that come back.</summary>
    public int MaxRetained { get; set; } = 200;

    /// <summary>How long a finished run is kept that no page shows.</summary>
    public TimeSpan RetainFor { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a run goes on that no page shows: long enough for a reload and a short loss of the network.</summary>
    public TimeSpan AbandonedAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many candidates each step lists.</summary>
    public int TopCandidates { get; set; } = 50;
}
