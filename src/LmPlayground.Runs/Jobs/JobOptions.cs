namespace LmPlayground.Runs.Jobs;

/// <summary>How many jobs there may be, for how long, and how much memory they may keep.</summary>
public sealed class JobOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Runs";

    /// <summary>How many jobs use models at the same time; the others wait in a queue. From 1.</summary>
    public int MaxConcurrent { get; set; } = 2;

    /// <summary>How many jobs may wait in each lane; one more is refused with a message. From 0.</summary>
    public int MaxQueued { get; set; } = 1000;

    /// <summary>
    /// How many jobs of one client (a network address) may wait in each lane: more than a class behind one address asks for, and so few that
    /// one client leaves room for others. From 0.
    /// </summary>
    public int MaxQueuedPerClient { get; set; } = 250;

    /// <summary>How many jobs are kept for pages that come back. From 0.</summary>
    public int MaxRetained { get; set; } = 200;

    /// <summary>How long a finished job is kept that nobody watches.</summary>
    public TimeSpan RetainFor { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long a job goes on that nobody watches: long enough for a reload and a short loss of the network. Up to 5 s more pass until it is seen.
    /// </summary>
    public TimeSpan AbandonedAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many models are downloaded at the same time; the others wait. From 1.</summary>
    public int MaxConcurrentDownloads { get; set; } = 1;

    /// <summary>How much memory all that jobs keep may take, in bytes: their steps first, and in what these leave the logits of past steps.</summary>
    public long MemoryLimit { get; set; } = 1L << 30;

    /// <summary>How much of it the jobs of one page may take, in bytes.</summary>
    public long PageMemoryLimit { get; set; } = 256L << 20;
}
