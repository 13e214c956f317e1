using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>A run that a test drives.</summary>
internal sealed class FakeRun(RunRequest request, SamplingOptions sampling) : FakeJob<RunDetail>(new RunDetail
{
    Request = request with { Seed = request.Seed ?? 1204 },
    Sampling = sampling,
    PromptTokens = 5,
    ContextLength = 512,
}), IRunReview
{
    public RunRequest Request => Snapshot.Detail.Request;

    public List<SamplingOptions> Compared { get; } = [];

    public Func<SamplingOptions, CancellationToken, Task<ImmutableArray<StepOutcome>>>? Compare { get; set; }

    public Func<TokenStep, SamplingOptions, TokenStep>? Inspect { get; set; }

    public Run Run => new(this, this);

    public void Add(params TokenStep[] steps) => Change(run => run with { Steps = run.Steps.AddRange(steps) });

    public override void Cancel()
    {
        base.Cancel();
        Finish(FinishReason.Cancelled);
    }

    public void Finish(FinishReason reason) => ChangeJob(job => job with
    {
        Status = JobStatus.Finished,
        Detail = job.Detail with
        {
            TokensPerSecond = 212,
            TimeToFirstToken = TimeSpan.FromMilliseconds(9),
            Summary = new GenerationSummary
            {
                FinishReason = reason,
                Seed = job.Detail.Seed,
                Text = string.Concat(job.Detail.Steps.Select(step => step.Text)),
                PromptTokens = job.Detail.PromptTokens,
                NewTokens = job.Detail.Steps.Count,
                CachedTokens = 0,
                TimeToFirstToken = TimeSpan.FromMilliseconds(9),
                TokensPerSecond = 212,
            },
        },
    });

    public Task<ImmutableArray<StepOutcome>> CompareAsync(SamplingOptions options, CancellationToken cancellationToken = default)
    {
        Compared.Add(options);
        return Compare?.Invoke(options, cancellationToken) ?? System.Threading.Tasks.Task.FromResult<ImmutableArray<StepOutcome>>(
            [.. Snapshot.Detail.Steps.Select((step, i) => new StepOutcome(i, null, step.SampledProbability, step.Id))]);
    }

    public Task<TokenStep> InspectAsync(int index, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var step = Snapshot.Detail.Steps[index];
        return System.Threading.Tasks.Task.FromResult(Inspect?.Invoke(step, options) ?? step);
    }

    public Task<float[]> LogitsAsync(int index, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
