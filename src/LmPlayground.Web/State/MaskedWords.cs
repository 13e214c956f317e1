using LmPlayground.Runs;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.State;

/// <summary>What a run over a masked text has done, in words: it fills or scores, and generates nothing.</summary>
internal static class MaskedWords
{
    /// <summary>How many of how many: "2 of 3 masks filled".</summary>
    internal static string Of(RunDetail run, PageWords words)
    {
        var isScore = run.Request.Task == RunTask.Score;
        var done = Show.Count(run.Steps.Count);
        return run.Masked is not { } text ? words[isScore ? "Scored" : "Filled", done]
            : words[isScore ? "ScoredOf" : "FilledOf", done, Show.Count(isScore ? text.Scored.Length : text.Masks.Length)];
    }
}
