using System.Collections.Immutable;
using System.Security.Cryptography;
using LmPlayground.Generation.Engine;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Runs.Comparisons;

/// <summary>Owns every comparison of the server. A page has one at a time.</summary>
public sealed class ComparisonManager : IComparisonManager, IHostedService, IDisposable
{
    private readonly JobBook<ComparisonJob> _jobs;
    private readonly RunQueue _queue;
    private readonly ComparisonWorker _worker;
    private readonly IModelLoader _models;
    private readonly TimeProvider _time;
    private ITimer? _sweeper;

    /// <summary>A manager without comparisons.</summary>
    public ComparisonManager(
        IModelLoader models, GenerationEngine engine, RunQueue queue, IOptions<RunOptions> options, TimeProvider time, ILogger<ComparisonManager> logger)
    {
        _jobs = new JobBook<ComparisonJob>(options.Value);
        _queue = queue;
        _worker = new ComparisonWorker(models, engine, options.Value, time, logger);
        _models = models;
        _time = time;
    }

    /// <inheritdoc/>
    public IComparison? Find(string pageId) => _jobs.Find(pageId);

    /// <inheritdoc/>
    public IComparison Start(string pageId, CompareRequest request)
    {
        var job = new ComparisonJob(
            new ComparisonSnapshot
            {
                Request = request,
                Status = RunStatus.Queued,
                Seed = request.Seed ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue),
            },
            _models,
            _time);
        if (_jobs.Replace(pageId, job) is { } replaced)
        {
            replaced.Cancel();
            replaced.Completion.ContinueWith(_ => replaced.Dispose(), TaskScheduler.Default);
        }

        if (_queue.Enter(place => job.Update(snapshot => snapshot with { QueuePosition = place })) is { } ticket)
            job.Completion = Task.Run(() => _worker.RunAsync(job, ticket));
        else
            job.Update(snapshot => snapshot with { Status = RunStatus.Failed, Error = _queue.FullMessage });
        return job;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<ModelScore>> ScoreAsync(
        IReadOnlyList<string> modelIds, string prompt, string continuation, CancellationToken cancellationToken = default)
    {
        using var ticket = _queue.Enter(_ => { }) ?? throw new InvalidOperationException(_queue.FullMessage);
        await ticket.WaitAsync(cancellationToken);
        var scores = ImmutableArray.CreateBuilder<ModelScore>();
        foreach (var id in modelIds)
            scores.Add(await _worker.ScoreAsync(id, prompt, continuation, cancellationToken));
        return scores.ToImmutable();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sweeper = _time.CreateTimer(_ => _jobs.Sweep(), null, RunManager.SweepEvery, RunManager.SweepEvery);
        return Task.CompletedTask;
    }

    /// <summary>Cancels every comparison and waits until the models are at rest.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _jobs.EndAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _sweeper?.Dispose();
}
