using System.Globalization;

namespace LmPlayground.Models.Chat;

/// <summary>Tells why a template took too many steps: it never ends, or its work grows faster than the conversation, or merely as fast.</summary>
/// <remarks>
/// It is rendered again for beginnings of the conversation, each twice as long as the one before it. What does not depend on the turns is
/// in each and cancels in the differences: these double where the work grows as the conversation does, and quadruple where each turn goes
/// through all others.
/// </remarks>
internal static class TemplateGrowth
{
    private const int FewestTurns = 32;
    private const double FasterThanTheConversation = 3;

    /// <summary>What is known of a rendering: its steps, or that it was stopped or failed.</summary>
    internal readonly record struct Trial(long Steps, bool IsStopped, bool IsFailed);

    /// <summary>The cause and what to do, or null where it cannot be told.</summary>
    /// <param name="turns">How many messages the conversation has.</param>
    /// <param name="limit">The steps at which it was stopped.</param>
    /// <param name="render">Renders the first so many messages.</param>
    public static (string Reason, string Advice)? Explain(int turns, long limit, Func<int, Trial> render)
    {
        if (turns < FewestTurns)
            return null;
        foreach (var first in (int[])[turns / 16, turns / 64])
        {
            var shortest = Math.Max(2, first / 2 * 2);
            Trial[] trials = [.. new[] { shortest, 2 * shortest, 4 * shortest }.Select(render).TakeWhile(trial => trial is { IsStopped: false, IsFailed: false })];
            if (trials is not [var one, var two, var four])
                continue;
            var grows = (double)(four.Steps - two.Steps) / Math.Max(1, two.Steps - one.Steps);
            return grows > FasterThanTheConversation
                ? (Text($"the chat template was stopped: its own work grows faster than the conversation. {2 * shortest} messages take {two.Steps:N0} steps and {4 * shortest} take {four.Steps:N0}; all {turns} take more than {limit:N0}"),
                    "Shorten the conversation, or let the template go through the messages once rather than again for each of them.")
                : (Text($"the chat template was stopped: it takes more than {limit:N0} steps for {turns} messages"),
                    "Shorten the conversation, or let the template do less for each message.");
        }

        return null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
