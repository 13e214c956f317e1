using System.Collections.Immutable;
using System.Threading.Channels;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Runs;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>A run that a test drives: each change is written to a channel and taken from it at once, on the writer's thread.</summary>
internal sealed class FakeRun : IRun
{
    private readonly Channel<Func<RunSnapshot, RunSnapshot>> _changes = Channel.CreateUnbounded<Func<RunSnapshot, RunSnapshot>>();
    private ImmutableList<Action> _subscribers = [];
    private RunSnapshot _snapshot;

    public FakeRun(RunRequest request)
    {
        _snapshot = new RunSnapshot { Request = request, Status = RunStatus.Generating, Seed = request.Seed ?? 1204, PromptTokens = 5, ContextLength = 512 };
    }

    public RunSnapshot Snapshot => Volatile.Read(ref _snapshot);

    public int Subscribers => _subscribers.Count;

    public bool IsCancelled { get; private set; }

    public List<SamplingOptions> Compared { get; } = [];

    public Func<SamplingOptions, CancellationToken, Task<ImmutableArray<StepOutcome>>>? Compare { get; set; }

    public Func<TokenStep, SamplingOptions, TokenStep>? Inspect { get; set; }

    public void Change(Func<RunSnapshot, RunSnapshot> change)
    {
        _changes.Writer.TryWrite(change);
        while (_changes.Reader.TryRead(out var next))
            Volatile.Write(ref _snapshot, next(_snapshot));
        foreach (var changed in _subscribers)
            changed();
    }

    public void Add(params TokenStep[] steps) => Change(run => run with { Steps = run.Steps.AddRange(steps) });

    public IDisposable Subscribe(Action changed)
    {
        ImmutableInterlocked.Update(ref _subscribers, list => list.Add(changed));
        return new Subscription(() => ImmutableInterlocked.Update(ref _subscribers, list => list.Remove(changed)));
    }

    public void Cancel()
    {
        IsCancelled = true;
        Finish(FinishReason.Cancelled);
    }

    public void Finish(FinishReason reason) => Change(run => run with
    {
        Status = RunStatus.Finished,
        TokensPerSecond = 212,
        TimeToFirstToken = TimeSpan.FromMilliseconds(9),
        Summary = new GenerationSummary
        {
            FinishReason = reason,
            Seed = run.Seed,
            Text = string.Concat(run.Steps.Select(step => step.Text)),
            PromptTokens = run.PromptTokens,
            NewTokens = run.Steps.Count,
            CachedTokens = 0,
            TimeToFirstToken = TimeSpan.FromMilliseconds(9),
            TokensPerSecond = 212,
        },
    });

    public Task<ImmutableArray<StepOutcome>> CompareAsync(SamplingOptions options, CancellationToken cancellationToken = default)
    {
        Compared.Add(options);
        return Compare?.Invoke(options, cancellationToken)
            ?? Task.FromResult<ImmutableArray<StepOutcome>>([.. Snapshot.Steps.Select((step, i) => new StepOutcome(i, null, step.SampledProbability, step.Id))]);
    }

    public Task<TokenStep> InspectAsync(int index, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var step = Snapshot.Steps[index];
        return Task.FromResult(Inspect?.Invoke(step, options) ?? step);
    }

    internal sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
