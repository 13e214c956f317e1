using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Web.Runs;

/// <summary>Owns the running generations: pages come and go, runs stay. Thread-safe.</summary>
public interface IRunManager
{
    /// <summary>The latest run of a page, or null. A page is a browser's tab: reload and reconnect find their run again by its id.</summary>
    IRun? Find(string pageId);

    /// <summary>Cancels the page's earlier run and queues this one.</summary>
    /// <param name="pageId">The page's own unguessable id.</param>
    /// <param name="request">What to generate.</param>
    /// <param name="continued">
    /// The run to go on from, keeping its tokens and its seed, or null to begin anew. "Next token" continues with MaxNewTokens 1.
    /// </param>
    IRun Start(string pageId, RunRequest request, IRun? continued = null);
}

/// <summary>One run. Thread-safe.</summary>
public interface IRun : IJob<RunSnapshot>
{
    /// <summary>What other settings would have done to each token of the run so far, from the kept logits, without the model.</summary>
    Task<ImmutableArray<StepOutcome>> CompareAsync(SamplingOptions options, CancellationToken cancellationToken = default);

    /// <summary>One step as other settings would have sampled it: the same token, logits and u, new stages, probabilities and removals.</summary>
    Task<TokenStep> InspectAsync(int index, SamplingOptions options, CancellationToken cancellationToken = default);
}
