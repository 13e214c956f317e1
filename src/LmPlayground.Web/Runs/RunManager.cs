using System.Security.Cryptography;
using LmPlayground.Generation;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Runs;

/// <summary>Owns every run of the server. A page has one run at a time; the others wait their turn in one queue.</summary>
public sealed class RunManager : IRunManager, IHostedService, IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly RunOptions _options;
    private readonly RunQueue _queue;
    private readonly RunWorker _worker;
    private readonly TimeProvider _time;
    private ITimer? _sweeper;

    /// <summary>A manager without runs.</summary>
    public RunManager(
        IModelLoader models, GenerationEngine engine, IOptions<RunOptions> options, TimeProvider time, ILogger<RunManager> logger)
    {
        _options = options.Value;
        _queue = new RunQueue(_options.MaxConcurrent, _options.MaxQueued);
        _worker = new RunWorker(models, engine, _options, time, logger);
        _time = time;
    }

    /// <inheritdoc/>
    public IRun? Find(string pageId)
    {
        lock (_lock)
            return _runs.GetValueOrDefault(pageId);
    }

    /// <inheritdoc/>
    public IRun Start(string pageId, RunRequest request, IRun? continued = null)
    {
        var earlier = Continues(request, continued) ? (Run)continued! : null;
        var run = new Run(First(request, earlier?.Snapshot), earlier?.Parts ?? [], _time);

        Run? replaced;
        lock (_lock)
        {
            replaced = _runs.GetValueOrDefault(pageId);
            _runs[pageId] = run;
        }

        if (replaced is not null)
            End(replaced, keepLogits: replaced == earlier);
        var ticket = _queue.Enter(place => run.Update(snapshot => snapshot with { QueuePosition = place }));
        if (ticket is null)
        {
            run.Update(snapshot => snapshot with
            {
                Status = RunStatus.Failed,
                Error = $"The server is busy and its queue of {_options.MaxQueued} is full. Nothing is lost: try again in a moment.",
            });
            return run;
        }

        run.Completion = Task.Run(() => _worker.RunAsync(run, ticket, earlier));
        return run;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sweeper = _time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
        return Task.CompletedTask;
    }

    /// <summary>Cancels every run and waits until the models are at rest.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Run[] runs;
        lock (_lock)
            runs = [.. _runs.Values];
        foreach (var run in runs)
            run.Cancel();
        await Task.WhenAll(runs.Select(run => run.Completion)).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _sweeper?.Dispose();

    /// <summary>Ends runs that nobody watches, and forgets finished ones that nobody comes back for.</summary>
    internal void Sweep()
    {
        List<Run> forgotten = [];
        lock (_lock)
        {
            foreach (var run in _runs.Values)
            {
                if (run.Snapshot.IsActive && run.Unwatched >= _options.AbandonedAfter)
                    run.Cancel();
            }

            var idle = _runs.Where(pair => !pair.Value.Snapshot.IsActive && pair.Value.Unwatched > TimeSpan.Zero)
                .OrderByDescending(pair => pair.Value.Unwatched).ToList();
            var surplus = Math.Max(0, _runs.Count - _options.MaxRetained);
            for (var i = 0; i < idle.Count && (i < surplus || idle[i].Value.Unwatched >= _options.RetainFor); i++)
            {
                _runs.Remove(idle[i].Key);
                forgotten.Add(idle[i].Value);
            }
        }

        forgotten.ForEach(run => run.Dispose());
    }

    private static RunSnapshot First(RunRequest request, RunSnapshot? continued)
    {
        var first = new RunSnapshot { Request = request, Status = RunStatus.Queued };
        return continued is null
            ? first with { Seed = request.Seed ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue) }
            : first with
            {
                Seed = continued.Seed,
                Steps = continued.Steps,
                PromptTokens = continued.PromptTokens,
                ContextLength = continued.ContextLength,
            };
    }

    private static void End(Run run, bool keepLogits)
    {
        run.Cancel();
        if (!keepLogits)
            run.Completion.ContinueWith(_ => run.Dispose(), TaskScheduler.Default);
    }

    /// <summary>A run goes on from another only over the same prompt and model; a changed prompt begins anew.</summary>
    private static bool Continues(RunRequest request, IRun? continued) =>
        continued is Run { Parts.Count: > 0 } run
        && request.Task == RunTask.Continue && run.Snapshot.Request.Task == RunTask.Continue
        && run.Snapshot.Request.Prompt == request.Prompt
        && run.Snapshot.Request.ModelId == request.ModelId;
}
