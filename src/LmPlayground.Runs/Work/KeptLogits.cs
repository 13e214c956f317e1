using LmPlayground.Generation.Engine;
using LmPlayground.Runs.Jobs;

namespace LmPlayground.Runs.Work;

/// <summary>The logits of past steps as memory that gives way to the steps themselves: what is let go of them can be computed again.</summary>
/// <param name="engine">Whose logits.</param>
public sealed class KeptLogits(GenerationEngine engine) : IReclaimable
{
    /// <inheritdoc/>
    public void Reclaim(long share) => engine.LimitKeptLogits(share);
}
