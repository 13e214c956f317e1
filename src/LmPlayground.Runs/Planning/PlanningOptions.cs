using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Planning;

/// <summary>What the server, not a person, decides about every run.</summary>
public sealed class PlanningOptions
{
    /// <summary>How many candidates each step lists.</summary>
    public int TopCandidates { get; set; } = 50;

    /// <summary>The most new tokens that one run, or one column of a comparison, may ask for. From 1.</summary>
    public int MaxNewTokens { get; set; } = (int)LengthRule.MaxNewTokens.Maximum;
}
