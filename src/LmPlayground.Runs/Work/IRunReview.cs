using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Inspection;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Work;

/// <summary>Looks at the tokens of a run again, with the logits that were kept. Thread-safe; may be asked while the run goes on.</summary>
public interface IRunReview
{
    /// <summary>What other settings would have done to each token of the run so far, from the kept logits, without the model.</summary>
    Task<ImmutableArray<StepOutcome>> CompareAsync(SamplingOptions options, CancellationToken cancellationToken = default);

    /// <summary>One step as other settings would have sampled it: the same token, logits and u, new stages, probabilities and removals.</summary>
    Task<TokenStep> InspectAsync(int index, SamplingOptions options, CancellationToken cancellationToken = default);

    /// <summary>The model's logits before a step, indexed by token id: the kept ones, or computed again where they were let go.</summary>
    Task<float[]> LogitsAsync(int index, CancellationToken cancellationToken = default);
}
