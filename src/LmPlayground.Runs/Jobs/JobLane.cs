namespace LmPlayground.Runs.Jobs;

/// <summary>Jobs that wait for the same thing, first come, first served. Lanes do not wait for each other.</summary>
/// <param name="Name">What they wait for: "models".</param>
/// <param name="MaxConcurrent">How many have their turn at the same time: from 1.</param>
/// <param name="MaxWaiting">How many may wait: from 0.</param>
/// <param name="FullMessage">What a person reads whose job is one too many.</param>
public sealed record JobLane(string Name, int MaxConcurrent, int MaxWaiting, string FullMessage);
