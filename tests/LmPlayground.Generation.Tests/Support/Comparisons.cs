using System.Collections.Immutable;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;

namespace LmPlayground.Generation.Tests.Support;

public static class Comparisons
{
    public static async Task<ImmutableArray<ComparisonRound>> ToEnd(this ComparisonRun run, CancellationToken cancellationToken = default)
    {
        var rounds = ImmutableArray.CreateBuilder<ComparisonRound>();
        await foreach (var round in run.WithCancellation(cancellationToken))
            rounds.Add(round);
        return rounds.ToImmutable();
    }

    public static ComparisonRequest Of(params ImmutableArray<GenerationRequest> columns) => new() { Columns = columns };

    /// <summary>Asserts that each column has the steps, the text and the end, or the error, of a run of its own in an engine that has cached nothing.</summary>
    public static async Task AssertColumnsAreLoneRuns(ComparisonRun run, ImmutableArray<ComparisonRound> rounds, GenerationOptions options)
    {
        for (var index = 0; index < run.Columns.Length; index++)
        {
            var column = run.Columns[index];
            using var engine = new GenerationEngine(options);
            using var lone = engine.Generate(column.Request);
            var expected = new List<TokenStep>();
            Exception? error = null;
            try
            {
                await foreach (var step in lone)
                    expected.Add(step);
            }
            catch (Exception exception)
            {
                error = exception;
            }

            Assert.Equal((error?.GetType(), error?.Message), (column.Error?.GetType(), column.Error?.Message));
            Assert.Equal(expected.Count, column.Steps.Count);
            for (var i = 0; i < expected.Count; i++)
            {
                AssertEqual(expected[i], column.Steps[i]);
                Assert.Same(column.Steps[i], rounds[i].Steps[index]);
            }

            Assert.All(rounds.Skip(expected.Count), round => Assert.Null(round.Steps[index]));
            Assert.Equal(
                (lone.Summary?.FinishReason, lone.Summary?.Text, lone.Summary?.NewTokens),
                (column.Summary?.FinishReason, column.Summary?.Text, column.Summary?.NewTokens));
        }
    }

    public static void AssertEqual(TokenStep expected, TokenStep actual)
    {
        Assert.Equal(expected.Top, actual.Top);
        Assert.Equal(expected.Stages, actual.Stages);
        Assert.Equal(expected with { Top = default, Stages = default }, actual with { Top = default, Stages = default });
    }
}
