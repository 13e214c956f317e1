using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Jobs;

/// <summary>Jobs that wait for the same thing, in fair turns: see <see cref="JobStart.Client"/>. Lanes do not wait for each other.</summary>
/// <param name="Name">What they wait for: "models".</param>
/// <param name="MaxConcurrent">How many have their turn at the same time: from 1.</param>
/// <param name="MaxWaiting">How many may wait: from 0.</param>
/// <param name="MaxWaitingOfClient">How many of one client may wait: from 0.</param>
/// <param name="Busy">How a refusal begins: "The server is busy".</param>
public sealed record JobLane(string Name, int MaxConcurrent, int MaxWaiting, int MaxWaitingOfClient, string Busy)
{
    /// <summary>What a person reads whose job is one too many.</summary>
    internal Message FullMessage => Message.Of(
        $"queue.{Name}.full", $"{Busy} and its queue of {MaxWaiting} is full. Nothing is lost: try again in a moment.");

    /// <summary>What a person reads whose network has one too many.</summary>
    internal Message ClientFullMessage => Message.Of(
        $"queue.{Name}.client_full",
        $"{Busy}, and {MaxWaitingOfClient} jobs from your network address wait already: one address may have no more. Nothing is lost: try again in a moment.");
}
