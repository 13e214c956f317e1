using System.Collections.Immutable;
using LmPlayground.Models;

namespace LmPlayground.Generation.Metrics;

/// <summary>The metrics by which sets of runs are compared: each declared once, with its name, unit and meaning.</summary>
/// <remarks>
/// A set is one strategy's runs with several seeds, or the columns of a comparison together. Metrics that count tokens across runs are not
/// defined for runs of different vocabularies.
/// </remarks>
public static class RunMetrics
{
    private const int RepeatedLength = 4;

    /// <summary>Every metric, in the order of a table.</summary>
    public static ImmutableArray<RunMetric> All { get; } =
    [
        new(runs => runs.Average(run => run.Steps.Count))
        {
            Name = "tokens", Label = "Tokens", Unit = "tokens a run", Better = MetricDirection.Neither,
            Help = "How many tokens a run has, on average.",
        },
        new(runs => MeanOfSteps(runs, step => step.Surprisal))
        {
            Name = "mean_surprisal", Label = "Mean surprisal", Unit = "bits a token", Better = MetricDirection.Neither,
            Help = "How unlikely the model itself found the tokens: the mean of -log2 of their probabilities at temperature 1, over all tokens.",
        },
        new(runs => MeanOfSteps(runs, step => step.Entropy))
        {
            Name = "mean_entropy", Label = "Mean entropy", Unit = "bits a token", Better = MetricDirection.Neither,
            Help = "How uncertain the model was before each token: the mean entropy of its distributions at temperature 1, over all tokens.",
        },
        new(BitsPerCharacter)
        {
            Name = "bits_per_character", Label = "Bits per character", Unit = "bits", Better = MetricDirection.Neither,
            Help = "The surprisals of all tokens divided by the number of characters (Unicode scalar values) of their text: comparable across tokenizers.",
        },
        new(runs => DistinctN(runs, 1))
        {
            Name = "distinct_1", Label = "Distinct-1", Unit = "", Better = MetricDirection.Higher,
            Help = "The share of different tokens among all tokens of all runs.",
        },
        new(runs => DistinctN(runs, 2))
        {
            Name = "distinct_2", Label = "Distinct-2", Unit = "", Better = MetricDirection.Higher,
            Help = "The share of different pairs of neighbouring tokens among all pairs of all runs.",
        },
        new(Repetition)
        {
            Name = "repetition", Label = "Repetition", Unit = "", Better = MetricDirection.Lower,
            Help = "The share of tokens that end a row of four which the run had before, on average over the runs.",
        },
        new(SelfBleu)
        {
            Name = "self_bleu", Label = "Self-BLEU", Unit = "", Better = MetricDirection.Lower,
            Help = "How much each run's text is like the others': the mean BLEU-4 of each with all others as its references. Needs two runs.",
        },
    ];

    /// <summary>The metric of that name, or null.</summary>
    public static RunMetric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);

    /// <summary>Every metric of a set of runs, in the order of <see cref="All"/>; null where a metric is not defined for the set.</summary>
    public static ImmutableArray<double?> Of(IReadOnlyList<MeasuredRun> runs) => [.. All.Select(metric => metric.Of(runs))];

    private static double? MeanOfSteps(IReadOnlyList<MeasuredRun> runs, Func<TokenStep, double> number) =>
        runs.SelectMany(run => run.Steps).Select(step => (double?)number(step)).Average();

    private static double? BitsPerCharacter(IReadOnlyList<MeasuredRun> runs)
    {
        var characters = runs.Sum(run => run.Steps.Sum(step => CharactersOf(step.Text)));
        return characters == 0 ? null : runs.Sum(run => run.Steps.Sum(step => step.Surprisal)) / characters;
    }

    private static double? DistinctN(IReadOnlyList<MeasuredRun> runs, int n) =>
        HaveOneVocabulary(runs) ? TextMetrics.DistinctN(runs.Select(IdsOf), n) : null;

    private static double? Repetition(IReadOnlyList<MeasuredRun> runs) =>
        runs.Select(run => TextMetrics.Repetition(IdsOf(run), RepeatedLength)).Average();

    private static double? SelfBleu(IReadOnlyList<MeasuredRun> runs) =>
        HaveOneVocabulary(runs) ? TextMetrics.SelfBleu([.. runs.Select(IdsOf)]) : null;

    private static bool HaveOneVocabulary(IReadOnlyList<MeasuredRun> runs) =>
        runs.All(run => SharedVocabulary.IsOf(runs[0].Model, run.Model));

    private static ImmutableArray<int> IdsOf(MeasuredRun run) => [.. run.Steps.Select(step => step.Id)];

    private static int CharactersOf(string text) => text.EnumerateRunes().Count();
}

/// <summary>A run whose text is measured.</summary>
/// <param name="Model">Its model.</param>
/// <param name="Steps">Its tokens.</param>
public sealed record MeasuredRun(ILanguageModel Model, IReadOnlyList<TokenStep> Steps);
