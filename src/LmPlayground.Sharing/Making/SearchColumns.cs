using LmPlayground.Generation.Masking;
using LmPlayground.Generation.Search;
using LmPlayground.Runs;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Making;

/// <summary>What a document says of a search and of a masked text.</summary>
internal static class SearchColumns
{
    /// <summary>The sequences of a search.</summary>
    internal static DemoSearch Of(BeamStep step) => new()
    {
        Live = [.. step.Live.Select(Of)],
        Finished = [.. step.Finished.Select(Of)],
        Returned = [.. step.Returned.Select(Of)],
    };

    /// <summary>A masked text.</summary>
    internal static DemoMaskedText Of(MaskedText text, RunDetail run) => new()
    {
        Text = text.Text,
        Ids = text.Ids,
        Starts = [.. text.Tokens.Select(token => token.Start)],
        Lengths = [.. text.Tokens.Select(token => token.Length)],
        Masks = text.Masks,
        Task = run.Request.Task switch
        {
            RunTask.Predict => DemoMaskedTask.Predict,
            RunTask.Score => DemoMaskedTask.Score,
            _ => DemoMaskedTask.Fill,
        },
        IsCancelled = run.MaskedSummary?.IsCancelled ?? true,
        Bits = StepColumns.Digits(Finite(run.MaskedSummary?.Bits ?? 0)),
        BitsPerCharacter = StepColumns.Digits(Finite(run.MaskedSummary?.BitsPerCharacter ?? 0)),
    };

    private static DemoBeam Of(Beam beam) => new()
    {
        Ids = beam.Ids,
        Text = beam.Text,
        LogProbabilities = [.. beam.LogProbabilities.Select(number => StepColumns.Digits(Finite(number)))],
        Sum = Finite(beam.Sum),
        Score = Finite(beam.Score),
        Group = beam.Group,
        FinishReason = beam.FinishReason?.Name,
    };

    private static double Finite(double number) => double.IsNaN(number) ? 0 : Math.Clamp(number, -double.MaxValue, double.MaxValue);
}
