using System.Text.Json;
using LmPlayground.Generation.Search;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Web.Cli;

/// <summary>What <c>generate</c> writes of a search: the best text, or with <c>--json</c> one object for each returned sequence.</summary>
internal static class BranchingOutput
{
    internal static async Task<int> WriteAsync(SearchRun run, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        BeamStep? last = null;
        try
        {
            await foreach (var step in run.WithCancellation(cancellationToken))
                last = step;
        }
        catch (OperationCanceledException)
        {
            // Interrupted: the best there is so far is shown.
        }

        var isWhole = last is { IsLast: true };
        IEnumerable<Beam> shown = isWhole ? last!.Returned : Best(last);
        foreach (var beam in json ? shown : shown.Take(1))
            await output.WriteAsync((json ? Line(beam) : beam.Text) + "\n");
        await output.FlushAsync(CancellationToken.None);
        return isWhole ? ExitCodes.Success : ExitCodes.Interrupted;
    }

    internal static string Line(Beam beam) => JsonSerializer.Serialize(
        new Sequence([.. beam.Ids], beam.Text, beam.Score, [.. beam.LogProbabilities], beam.FinishReason ?? FinishReason.Cancelled),
        GenerateOutput.Json);

    private static IEnumerable<Beam> Best(BeamStep? step) =>
        step is null ? [] : step.Finished.Concat(step.Live.OrderByDescending(beam => beam.Score)).Take(1);

    private sealed record Sequence(int[] Ids, string Text, double Score, double[] LogProbabilities, FinishReason FinishReason);
}
