using LmPlayground.Runs;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.State;

/// <summary>What a run over a masked text has done, in words: it fills or scores, and generates nothing.</summary>
internal static class MaskedWords
{
    /// <summary>How many of how many: "2 of 3 masks filled".</summary>
    /// <param name="run">The run.</param>
    /// <param name="words">What the page says.</param>
    /// <param name="count">What stands in the place of the number; the number unless given.</param>
    internal static string Of(RunDetail run, PageWords words, string? count = null)
    {
        var isScore = run.Request.Task == RunTask.Score;
        var done = count ?? Show.Count(run.Steps.Count);
        return run.Masked is not { } text ? words[isScore ? "Scored" : "Filled", done]
            : words[isScore ? "ScoredOf" : "FilledOf", done, Show.Count(isScore ? text.Scored.Length : text.Masks.Length)];
    }
}
