namespace LmPlayground.Runs.Jobs;

/// <summary>Ends jobs that nobody watches, and forgets what has ended and nobody comes back for, now and then.</summary>
internal sealed class JobSweeper : IAsyncDisposable
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly JobRegistry _registry;
    private readonly JobOptions _options;
    private readonly Action<IReadOnlyList<Job>> _forgotten;
    private readonly ITimer _timer;

    /// <summary>Begins to sweep.</summary>
    /// <param name="registry">What is swept.</param>
    /// <param name="options">For how long jobs stay.</param>
    /// <param name="time">The clock.</param>
    /// <param name="forgotten">Told of what was forgotten, if anything was. Must not throw.</param>
    internal JobSweeper(JobRegistry registry, JobOptions options, TimeProvider time, Action<IReadOnlyList<Job>> forgotten)
    {
        (_registry, _options, _forgotten) = (registry, options, forgotten);
        _timer = time.CreateTimer(_ => Sweep(), null, Every, Every);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    internal void Sweep()
    {
        foreach (var job in _registry.All)
        {
            if (job is { Lifetime: JobLifetime.Watched, IsActive: true } && job.Unwatched >= _options.AbandonedAfter)
                job.Cancel();
        }

        if (_registry.RemoveIdle(_options.MaxRetained, _options.RetainFor) is { Count: > 0 } forgotten)
            _forgotten(forgotten);
    }
}
