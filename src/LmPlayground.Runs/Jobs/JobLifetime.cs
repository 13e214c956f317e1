namespace LmPlayground.Runs.Jobs;

/// <summary>Who decides how long a job goes on and is kept.</summary>
public enum JobLifetime
{
    /// <summary>Those who watch: cancelled some time after the last of them has gone, forgotten some time after its end.</summary>
    Watched,

    /// <summary>The server: goes on without watchers. Forgotten at once when it ends without an error, else by command.</summary>
    Server,
}
