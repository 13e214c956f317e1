namespace LmPlayground.Web.Runs;

/// <summary>What decides how long the server keeps a piece of work.</summary>
internal interface IWatched : IDisposable
{
    /// <summary>Whether it goes on.</summary>
    bool IsActive { get; }

    /// <summary>How long nobody has been watching.</summary>
    TimeSpan Unwatched { get; }

    /// <summary>Completes when the work has ended, whatever its end; never fails.</summary>
    Task Completion { get; }

    /// <summary>Ends the work.</summary>
    void Cancel();
}
