using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Metrics;
using LmPlayground.Generation.Tests.Support;

namespace LmPlayground.Generation.Tests.Metrics;

public class RunMetricsTests
{
    private static readonly FakeModel Model = new();

    [Fact]
    public async Task A_set_has_every_metric()
    {
        var runs = new[] { await Run("abcabcabc", 9), await Run("aé", 3) };
        Assert.Equal(6, Value("tokens", runs));
        var steps = runs.SelectMany(run => run.Steps).ToList();
        Assert.Equal(steps.Average(step => step.Surprisal), Value("mean_surprisal", runs)!.Value, 1e-12);
        Assert.Equal(steps.Average(step => step.Entropy), Value("mean_entropy", runs)!.Value, 1e-12);

        // Twelve tokens, eleven characters.
        Assert.Equal(steps.Sum(step => step.Surprisal) / 11, Value("bits_per_character", runs)!.Value, 1e-12);
        Assert.Equal(5 / 12.0, Value("distinct_1", runs)!.Value, 1e-12);
        Assert.Equal(5 / 10.0, Value("distinct_2", runs)!.Value, 1e-12);

        // The first run's six rows of four are three different ones; the second has none.
        Assert.Equal(0.5, Value("repetition", runs)!.Value, 1e-12);
        Assert.Equal(0, Value("self_bleu", runs));
        Assert.Equal(1, Value("self_bleu", [runs[0], runs[0]])!.Value, 1e-12);
    }

    [Fact]
    public async Task What_is_not_defined_is_null_and_never_NaN()
    {
        Assert.All(RunMetrics.Of([]), Assert.Null);
        var empty = new MeasuredRun(Model, []);
        Assert.Equal(["tokens"], Defined(empty));
        Assert.Equal(["tokens", "self_bleu"], Defined(empty, empty));
        Assert.Equal(["tokens", "mean_surprisal", "mean_entropy", "bits_per_character", "distinct_1"], Defined(await Run("a", 1)));

        // Half a character is none.
        Assert.Equal(["tokens", "mean_surprisal", "mean_entropy", "distinct_1"], Defined(await Run("é", 1)));
        Assert.All(RunMetrics.Of([await Run("abcdefgh", 8), empty]), value => Assert.False(value is double.NaN));
    }

    [Fact]
    public async Task Tokens_of_different_vocabularies_are_not_counted_together()
    {
        var other = await Run("abcdef", 6) with { Model = new FakeModel { Tokenizer = FakeModel.ShiftedTokenizer(1) } };
        Assert.Equal(
            ["tokens", "mean_surprisal", "mean_entropy", "bits_per_character", "repetition"], Defined(await Run("abcdef", 6), other));
        Assert.Equal(RunMetrics.All.Length, Defined(other, other).Length);
    }

    [Fact]
    public void Every_metric_is_declared_once_and_says_what_it_is()
    {
        Assert.Equal(RunMetrics.All.Length, RunMetrics.All.Select(metric => metric.Name).Distinct().Count());
        Assert.All(RunMetrics.All, metric =>
        {
            Assert.Matches("^[a-z][a-z0-9_]*$", metric.Name);
            Assert.EndsWith(".", metric.Help, StringComparison.Ordinal);
            Assert.Same(metric, RunMetrics.Find(metric.Name));
        });
        Assert.Null(RunMetrics.Find("none"));
    }

    private static string[] Defined(params MeasuredRun[] runs) =>
        [.. RunMetrics.All.Where(metric => metric.Of(runs) is not null).Select(metric => metric.Name)];

    private static double? Value(string name, params MeasuredRun[] runs) => RunMetrics.Find(name)!.Of(runs);

    private static async Task<MeasuredRun> Run(string text, int tokens)
    {
        using var engine = new GenerationEngine();
        using var run = engine.Generate(Runs.Request(new FakeModel { Script = FakeModel.Say(text, 1) }, "p", tokens));
        return new MeasuredRun(Model, await run.ToEnd(TestContext.Current.CancellationToken));
    }
}
