using System.Text.Json;
using LmPlayground.Generation.Search;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary>
/// What <c>generate</c> writes: the text as it comes, or with <c>--json</c> one object a token and one of the whole run; of a search the best
/// text, or one object for each returned sequence.
/// </summary>
internal sealed class GenerateOutput(TextWriter output, bool json, bool isSearch)
{
    private int _steps;
    private int _characters;

    /// <summary>Writes what is new in a snapshot.</summary>
    internal async Task ShowAsync(JobSnapshot<RunDetail> snapshot)
    {
        if (isSearch)
            return;
        var steps = snapshot.Detail.Steps;
        for (; _steps < steps.Count; _steps++)
        {
            await output.WriteAsync(json ? RunJsonLines.Line(steps[_steps]) + "\n" : steps[_steps].Released);
            _characters += steps[_steps].Released.Length;
        }

        await output.FlushAsync();
    }

    /// <summary>Writes what is left when the run has ended.</summary>
    /// <returns>Whether it came to an end of its own.</returns>
    internal async Task<bool> EndAsync(JobSnapshot<RunDetail> last)
    {
        var isWhole = isSearch ? await EndSearchAsync(last.Detail.Beams?.Step) : await EndRunAsync(last.Detail);
        await output.FlushAsync();
        return isWhole;
    }

    private async Task<bool> EndRunAsync(RunDetail detail)
    {
        if (detail.Summary is not { } summary)
            return false;
        await output.WriteAsync(json ? RunJsonLines.Line(summary) + "\n" : summary.Text[_characters..] + "\n");
        return summary.FinishReason != FinishReason.Cancelled;
    }

    private async Task<bool> EndSearchAsync(BeamStep? step)
    {
        var isWhole = step is { IsLast: true };

        // Interrupted: the best there is so far is shown.
        var shown = isWhole ? step!.Returned : step is null ? [] : step.Finished.Concat(step.Live.OrderByDescending(beam => beam.Score)).Take(1);
        foreach (var beam in json ? shown : shown.Take(1))
            await output.WriteAsync((json ? Line(beam) : beam.Text) + "\n");
        return isWhole;
    }

    private static string Line(Beam beam) => JsonSerializer.Serialize(
        new Sequence([.. beam.Ids], beam.Text, beam.Score, [.. beam.LogProbabilities], beam.FinishReason ?? FinishReason.Cancelled), RunJsonLines.Json);

    private sealed record Sequence(int[] Ids, string Text, double Score, double[] LogProbabilities, FinishReason FinishReason);
}
