using System.Globalization;
using System.Text.Json;
using LmPlayground.Generation.Masking;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;

namespace LmPlayground.Web.Cli;

/// <summary>What <c>fill</c> writes: the filled text, the bits of each scored token, or JSON lines.</summary>
internal sealed class FillOutput(TextWriter output, bool json, RunTask task)
{
    private int _steps;

    /// <summary>Writes what is new in a snapshot.</summary>
    internal async Task ShowAsync(JobSnapshot<RunDetail> snapshot)
    {
        var steps = snapshot.Detail.Steps;
        for (; _steps < steps.Count; _steps++)
        {
            var step = steps[_steps];
            if (json)
                await output.WriteLineAsync(RunJsonLines.Line(step));
            else if (task == RunTask.Score)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{step.Surprisal,8:0.000} bits  {step.Display}"));
        }

        await output.FlushAsync();
    }

    /// <summary>Writes what is left when the run has ended.</summary>
    /// <returns>Whether it came to its end.</returns>
    internal async Task<bool> EndAsync(JobSnapshot<RunDetail> last)
    {
        if (last.Detail.MaskedSummary is not { } summary)
            return false;
        await output.WriteLineAsync(json ? Line(summary)
            : task == RunTask.Score ? string.Create(CultureInfo.InvariantCulture, $"{summary.Bits,8:0.000} bits in all, {summary.BitsPerCharacter:0.000} a character")
            : summary.Text);
        await output.FlushAsync();
        return !summary.IsCancelled;
    }

    private string Line(MaskedSummary summary) => JsonSerializer.Serialize(
        new Summary(
            task.ToString().ToLowerInvariant(), summary.IsCancelled, summary.Seed, summary.Text, summary.Steps, summary.Bits, summary.BitsPerCharacter,
            summary.Elapsed.TotalMilliseconds),
        RunJsonLines.Json);

    private sealed record Summary(string Task, bool IsCancelled, ulong Seed, string Text, int Steps, double Bits, double BitsPerCharacter, double ElapsedMs);
}
