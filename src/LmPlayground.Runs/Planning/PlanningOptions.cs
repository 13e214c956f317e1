namespace LmPlayground.Runs.Planning;

/// <summary>What the server, not a person, decides about every run.</summary>
public sealed class PlanningOptions
{
    /// <summary>How many candidates each step lists.</summary>
    public int TopCandidates { get; set; } = 50;
}
