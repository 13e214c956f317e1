using LmPlayground.Sampling.Candidates;

namespace LmPlayground.Sampling.Stages;

/// <summary>One stage with its settings: moves logits or removes tokens.</summary>
/// <remarks>Immutable. Always leaves at least one token. Allocates nothing.</remarks>
public interface ILogitsProcessor
{
    /// <summary>Does its work on the tokens that are left, in place.</summary>
    void Apply(CandidateSet candidates, in SamplingContext context);
}
