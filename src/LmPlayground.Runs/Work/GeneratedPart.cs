using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Inspection;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Work;

/// <summary>A stretch that was generated from left to right.</summary>
/// <param name="Models">Where the model is when it has been unloaded since.</param>
/// <param name="Adapt">Makes of the loaded model the one that ran: under guidance, for a source.</param>
/// <param name="Run">The stretch.</param>
/// <param name="FirstStep">The index of its first step.</param>
internal sealed record GeneratedPart(
    IModelLoader Models, Func<IModel, ILanguageModel> Adapt, GenerationRun Run, int FirstStep) : RunPart(FirstStep)
{
    internal override ModelCard Card => Run.Request.Model.Card;

    public override void Dispose() => Run.Dispose();

    protected override ImmutableArray<StepOutcome> Compare(IReadOnlyList<TokenStep> own, SamplingOptions options, CancellationToken cancellationToken) =>
        new RunReview(Run, own).Compare(options, cancellationToken);

    protected override async Task<TokenStep> InspectAsync(
        IReadOnlyList<TokenStep> own, int index, SamplingOptions options, CancellationToken cancellationToken)
    {
        var review = new RunReview(Run, own);
        if (review.InspectKept(index, options, cancellationToken) is { } kept)
            return kept;
        using var lease = await Models.AcquireUnchangedAsync(Card, cancellationToken);
        return new RunReview(review, Adapt(lease.Model)).Inspect(index, options, cancellationToken);
    }

    protected override async Task<float[]> LogitsAsync(IReadOnlyList<TokenStep> own, int index, CancellationToken cancellationToken)
    {
        var review = new RunReview(Run, own);
        if (review.FindLogits(index) is { } kept)
            return kept;
        using var lease = await Models.AcquireUnchangedAsync(Card, cancellationToken);
        return new RunReview(review, Adapt(lease.Model)).LogitsOf(index, cancellationToken);
    }
}
