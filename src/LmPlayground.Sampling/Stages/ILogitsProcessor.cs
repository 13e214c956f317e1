using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Sampling.Stages;

/// <summary>One stage with its settings: moves logits or removes tokens.</summary>
/// <remarks>
/// Belongs to one chain, whose thread alone uses it: it may keep buffers, and allocates nothing once they have grown. Always leaves at
/// least one token. What it does depends on the candidates and the context alone, and on its state if it is an <see cref="IAdaptiveProcessor"/>.
/// </remarks>
public interface ILogitsProcessor
{
    /// <summary>Does its work on the tokens that are left, in place.</summary>
    /// <exception cref="InvalidLogitsException">It bans every token that was left.</exception>
    void Apply(CandidateSet candidates, in SamplingContext context);
}
