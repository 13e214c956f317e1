using System.Security.Cryptography;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Runs;

/// <summary>Owns every run of the server. A page has one run at a time; the others wait their turn in one queue.</summary>
public sealed class RunManager : IRunManager, IHostedService, IDisposable
{
    internal static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10);

    private readonly JobBook<Run> _runs;
    private readonly RunOptions _options;
    private readonly RunQueue _queue;
    private readonly RunWorker _worker;
    private readonly TimeProvider _time;
    private ITimer? _sweeper;

    /// <summary>A manager without runs.</summary>
    public RunManager(
        IModelLoader models, GenerationEngine engine, RunQueue queue, IOptions<RunOptions> options, TimeProvider time, ILogger<RunManager> logger)
    {
        _options = options.Value;
        _runs = new JobBook<Run>(_options);
        _queue = queue;
        _worker = new RunWorker(models, engine, _options, time, logger);
        _time = time;
    }

    /// <inheritdoc/>
    public IRun? Find(string pageId) => _runs.Find(pageId);

    /// <inheritdoc/>
    public IRun Start(string pageId, RunRequest request, IRun? continued = null)
    {
        var earlier = Continues(request, continued) ? (Run)continued! : null;
        var run = new Run(First(request, earlier?.Snapshot), earlier?.Parts ?? [], _time);

        if (_runs.Replace(pageId, run) is { } replaced)
            End(replaced, keepLogits: replaced == earlier);
        var ticket = _queue.Enter(place => run.Update(snapshot => snapshot with { QueuePosition = place }));
        if (ticket is null)
        {
            run.Update(snapshot => snapshot with
            {
                Status = RunStatus.Failed,
                Error = _queue.FullMessage,
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
    public Task StopAsync(CancellationToken cancellationToken) => _runs.EndAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _sweeper?.Dispose();

    /// <summary>Ends runs that nobody watches, and forgets finished ones that nobody comes back for.</summary>
    internal void Sweep() => _runs.Sweep();

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
        && (run.Snapshot.Request.Chat, run.Snapshot.Request.System) == (request.Chat, request.System)
        && run.Snapshot.Request.ModelId == request.ModelId;
}
