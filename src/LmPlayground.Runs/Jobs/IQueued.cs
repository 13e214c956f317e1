namespace LmPlayground.Runs.Jobs;

/// <summary>What waits in a queue.</summary>
internal interface IQueued
{
    /// <summary>The page that it belongs to.</summary>
    string Page { get; }

    /// <summary>Whom the page belongs to, as far as the server can tell: those of one client share its turns.</summary>
    string Client { get; }

    /// <summary>Notes its place, from 1; 0 when it does not wait any more. Called under the queue's lock, in order.</summary>
    void Place(int position);

    /// <summary>Tells those who watch that the place may have changed. Called without a lock.</summary>
    void Notify();
}
