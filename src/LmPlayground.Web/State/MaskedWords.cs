using LmPlayground.Runs;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.State;

/// <summary>What a run over a masked text has done, in words: it fills or scores, and generates nothing.</summary>
internal static class MaskedWords
{
    /// <summary>What comes after the number of steps: "of 3 masks filled".</summary>
    internal static string After(RunDetail run)
    {
        var isScore = run.Request.Task == RunTask.Score;
        var all = run.Masked is { } text ? $"of {Show.Count(isScore ? text.Scored.Length : text.Masks.Length)} " : "";
        return all + (isScore ? "tokens scored" : "masks filled");
    }
}
