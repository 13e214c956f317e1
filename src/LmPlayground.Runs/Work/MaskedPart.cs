using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Masking;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Work;

/// <summary>A masked text that was filled or scored.</summary>
/// <param name="Models">Where the model is when it has been unloaded since.</param>
/// <param name="Run">The run.</param>
internal sealed record MaskedPart(IModelLoader Models, MaskedTextRun Run) : RunPart(0)
{
    internal override ModelCard Card => Run.Request.Model.Card;

    public override void Dispose() => Run.Dispose();

    protected override ImmutableArray<StepOutcome> Compare(IReadOnlyList<TokenStep> own, SamplingOptions options, CancellationToken cancellationToken) =>
        new MaskedReview(Run, own).Compare(options, cancellationToken);

    protected override async Task<TokenStep> InspectAsync(
        IReadOnlyList<TokenStep> own, int index, SamplingOptions options, CancellationToken cancellationToken)
    {
        using var lease = await Models.AcquireUnchangedAsync(Card, cancellationToken);
        return new MaskedReview(Run, own, lease.Model.AsMaskedModel()).Inspect(index, options, cancellationToken);
    }

    protected override async Task<float[]> LogitsAsync(IReadOnlyList<TokenStep> own, int index, CancellationToken cancellationToken)
    {
        using var lease = await Models.AcquireUnchangedAsync(Card, cancellationToken);
        return new MaskedReview(Run, own, lease.Model.AsMaskedModel()).LogitsOf(index, cancellationToken);
    }
}
