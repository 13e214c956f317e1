namespace LmPlayground.Generation.Inspection;

/// <summary>What other settings would have done at one step of a finished run, with the same tokens before it and the same u.</summary>
/// <param name="Index">The step's index in the run, from 0.</param>
/// <param name="RemovedBy">The stage that would have removed the token that was chosen, or null.</param>
/// <param name="SampledProbability">The chosen token's probability under those settings.</param>
/// <param name="DrawnId">The token that the same u draws under those settings.</param>
public readonly record struct StepOutcome(int Index, string? RemovedBy, double SampledProbability, int DrawnId);
