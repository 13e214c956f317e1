namespace LmPlayground.Runs.Jobs;

/// <summary>How a job is started.</summary>
public sealed record JobStart
{
    /// <summary>Where it waits for its turn.</summary>
    public required JobLane Lane { get; init; }

    /// <summary>
    /// Whom the page belongs to, as far as the server can tell: a network address. Clients take turns, and the pages of one client share its
    /// turns, so that many pages of one client do not keep others out. The owner of the key unless given.
    /// </summary>
    public string? Client { get; init; }

    /// <summary>Who decides how long it goes on.</summary>
    public JobLifetime Lifetime { get; init; }

    /// <summary>
    /// The job that it goes on from. If that is the one it replaces, what that one has left and its share of the memory budget pass to the
    /// new job, whatever becomes of it, and are let go of together with it. Any other is as good as forgotten, and is not waited for.
    /// </summary>
    public IJob? Continues { get; init; }

    /// <summary>Whether an active job under the key is left alone and returned in place of a new one; else it is cancelled and replaced.</summary>
    public bool JoinsActive { get; init; }
}
