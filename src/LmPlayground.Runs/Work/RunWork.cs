using System.Collections.Immutable;
using System.Globalization;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Models;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Messages;
using LmPlayground.Runs.Planning;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
namespace LmPlayground.Runs.Work;

/// <summary>A run over one text: a continuation, a search for one, or a masked text. Its tokens can be looked at again while it is kept.</summary>
public sealed class RunWork : IJobTask<RunDetail>, IRunReview
{
    private readonly WorkServices _services;
    private readonly RunWork? _earlier;
    private ImmutableList<RunPart> _parts = [];
    private volatile JobContext<RunDetail>? _job;

    /// <summary>A run that begins when its turn comes.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="services">What it is done with.</param>
    /// <param name="continued">
    /// The run to go on from, keeping its tokens, its seed and its time, or null to begin anew; ignored where the two differ in more than
    /// settings, and over a masked text, which does not go on. It has to be kept for as long as this one.
    /// </param>
    public RunWork(RunRequest request, WorkServices services, RunWork? continued = null)
    {
        _services = services;
        _earlier = continued is { Parts.IsEmpty: false, Detail.Masked: null } && RunPlanner.AreOfOneText(continued.Detail.Request, request) ? continued : null;
        Initial = _earlier is null
            ? new RunDetail { Request = services.Planner.Settle(request) }
            : _earlier.Detail with
            {
                Request = request with { Seed = _earlier.Detail.Request.Seed, TemplateTime = _earlier.Detail.Request.TemplateTime },
                Summary = null,
                Beams = null,
                TokensPerSecond = 0,
            };
    }

    /// <summary>Whether it goes on from an earlier run.</summary>
    public bool IsContinued => _earlier is not null;

    /// <inheritdoc/>
    public RunDetail Initial { get; }

    /// <inheritdoc/>
    public long InitialBytes => RequestSize.Of(Initial.Request);

    private RunDetail Detail => _job?.Snapshot.Detail ?? Initial;

    private ImmutableList<RunPart> Parts => [.. _earlier?.Parts ?? [], .. Volatile.Read(ref _parts)];

    /// <inheritdoc/>
    public async Task RunAsync(JobContext<RunDetail> job)
    {
        _job = job;
        var request = Initial.Request;
        var id = request.Model ?? throw new PromptException("model.none", $"There is no model. Start the playground with --models and a folder that holds one.");
        job.Update(snapshot => snapshot with { Status = JobStatus.LoadingModel });
        using var lease = await _services.Models.AcquireAsync(id, job.Cancelled);
        if (_earlier is { Parts: [var earlier, ..] } && !ModelLoaderExtensions.IsUnchanged(lease.Model, earlier.Card))
            throw new ModelUseException("model.changed", $"The files of {earlier.Card.Name} have changed since this run: another model cannot go on from it. Generate anew.");
        var (card, sampling) = (lease.Model.Card, RunPlanner.SamplingOf(request, lease.Model));
        job.Update(snapshot => snapshot with
        {
            Detail = snapshot.Detail with
            {
                Card = card,
                Sampling = sampling,
                ContextLength = card.ContextLength,
                Stretches = snapshot.Detail.Stretches.Add(new RunStretch(snapshot.Detail.Steps.Count, request, sampling)),
            },
        });
        if (RunPlanner.TaskOf(request, lease.Model) == RunTask.Continue)
            await new ContinuationLoop(_services, job, AddPart).RunAsync(lease.Model, _earlier?.Detail.Steps ?? []);
        else
            await new MaskedTextLoop(_services, job, AddPart).RunAsync(lease.Model.AsMaskedModel());
    }

    /// <inheritdoc/>
    /// <remarks>Only a model that was found is named: before, the name is what somebody typed.</remarks>
    public string Describe(RunDetail detail) => detail.Sampling is null
        ? "A run"
        : string.Create(CultureInfo.InvariantCulture, $"A run of {detail.Request.Model} ({detail.Steps.Count} tokens{Reason(detail)})");

    /// <inheritdoc/>
    public Message Explain(Exception exception) => WorkErrors.Explain(exception);

    /// <inheritdoc/>
    public bool IsRefusal(Exception exception) => WorkErrors.IsRefusal(exception);

    /// <inheritdoc/>
    public RunDetail AfterCancel(RunDetail detail) => detail.Summary is not null || detail.Masked is not null ? detail : detail with
    {
        Summary = new GenerationSummary
        {
            FinishReason = FinishReason.Cancelled,
            Seed = detail.Seed,
            Text = "",
            PromptTokens = detail.PromptTokens,
            NewTokens = 0,
            CachedTokens = 0,
            TimeToFirstToken = TimeSpan.Zero,
            TokensPerSecond = 0,
        },
    };

    /// <inheritdoc/>
    public Task<ImmutableArray<StepOutcome>> CompareAsync(SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var (parts, steps) = (Parts, Detail.Steps);
        return Task.Run(() => RunPart.Compare(parts, steps, options, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TokenStep> InspectAsync(int index, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var (parts, steps) = (Parts, Detail.Steps);
        return Task.Run(() => RunPart.InspectAsync(parts, steps, index, options, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<float[]> LogitsAsync(int index, CancellationToken cancellationToken = default)
    {
        var (parts, steps) = (Parts, Detail.Steps);
        return Task.Run(() => RunPart.LogitsAsync(parts, steps, index, cancellationToken), cancellationToken);
    }

    /// <summary>Lets the logits of its own tokens go; asked for again, they are computed again.</summary>
    public void Dispose()
    {
        foreach (var part in Volatile.Read(ref _parts))
            part.Dispose();
    }

    private static string Reason(RunDetail detail) => detail.Summary is { FinishReason: var reason } ? $", {reason}" : "";

    private void AddPart(RunPart part) => ImmutableInterlocked.Update(ref _parts, static (parts, added) => parts.Add(added), part);
}
