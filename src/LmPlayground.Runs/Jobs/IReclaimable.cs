namespace LmPlayground.Runs.Jobs;

/// <summary>Memory whose content can be computed again: it may take what jobs leave of the budget, and gives way to them.</summary>
public interface IReclaimable
{
    /// <summary>Lets go of what is above a share, which holds until the next call. Thread-safe; calls come in order, one at a time.</summary>
    /// <param name="share">How much it may hold from now on, in bytes.</param>
    void Reclaim(long share);
}
