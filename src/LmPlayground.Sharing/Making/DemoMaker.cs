using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Metrics;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Sharing.Making;

/// <summary>Makes a demo of finished work: a run, a search, a masked text, a comparison. Thread-safe.</summary>
/// <param name="engine">What generated.</param>
/// <param name="time">The clock.</param>
public sealed class DemoMaker(GenerationEngine engine, TimeProvider time)
{
    /// <summary>The demo of a run: its stretches under other settings are branches of it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="review">Has its logits.</param>
    /// <param name="words">What its author says of it.</param>
    /// <param name="contents">How much of it is kept.</param>
    /// <param name="cancellationToken">Stops a model that must run again for logits that were let go.</param>
    /// <exception cref="SharedDemoException">There is nothing to share yet, or the words are too long.</exception>
    public async Task<SharedDemo> MakeAsync(
        RunDetail run, IRunReview review, DemoWords? words = null, DemoContents? contents = null, CancellationToken cancellationToken = default)
    {
        if (run is not { Card: { } card, Stretches: [_, ..], Steps: [_, ..] })
            throw Nothing();
        contents ??= new DemoContents();
        var models = new ModelTable();
        var model = models.Add(card);
        Name(models, model, run.Steps, contents);
        if (run.Beams is { } found)
            Name(models, model, found);
        var logits = await LogitsAsync(run.Steps, index => review.LogitsAsync(index, cancellationToken), contents);
        var described = models.Build();
        var parts = Parts(run);
        var runs = ImmutableArray.CreateBuilder<DemoRun>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            var (first, end) = (parts[i].FirstStep, i + 1 < parts.Count ? parts[i + 1].FirstStep : run.Steps.Count);
            var steps = run.Steps.GetRange(first, end - first);
            var own = logits.Count == 0 ? logits : logits.GetRange(first, end - first);
            var isLast = i == parts.Count - 1;
            runs.Add(new DemoRun
            {
                Id = NameOf(i),
                Parent = i == 0 ? null : NameOf(i - 1),
                Position = i == 0 ? null : first,
                Model = model,
                Request = parts[i].Request,
                Strategy = Strategy(parts[i].Sampling),
                Batched = false,
                PromptIds = run.Masked is null ? run.PromptIds : [],
                SourceIds = run.SourceIds,
                RenderedPrompt = run.RenderedPrompt,
                Steps = new StepColumns(models, model, contents.Candidates).Build(steps, own),
                Text = run.MaskedSummary?.Text ?? string.Concat(steps.Select(step => step.Released)),
                Stop = isLast ? Stop(run.Summary) : null,
                Usage = Usage(run.PromptTokens, steps.Count, run.Summary, run.TimeToFirstToken, run.TokensPerSecond) with { SourceTokens = run.SourceTokens },
                Search = isLast && run.Beams is { } beams ? SearchColumns.Of(beams.Step) : null,
                Masked = run.Masked is { } text ? SearchColumns.Of(text, run) : null,
            });
        }

        return Demo(words, described, run.Request, runs.MoveToImmutable()) with
        {
            Kind = run.Masked is not null ? DemoKind.Masked : run.Beams is not null ? DemoKind.Search : DemoKind.Run,
        };
    }

    /// <summary>The demo of a comparison, with all its columns.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="review">Has its logits.</param>
    /// <param name="words">What its author says of it.</param>
    /// <param name="contents">How much of it is kept.</param>
    /// <param name="cancellationToken">Stops a model that must run again for logits that were let go.</param>
    /// <exception cref="SharedDemoException">There is nothing to share yet, or the words are too long.</exception>
    public async Task<SharedDemo> MakeAsync(
        ComparisonDetail comparison,
        IComparisonReview review,
        DemoWords? words = null,
        DemoContents? contents = null,
        CancellationToken cancellationToken = default)
    {
        if (comparison.Columns.All(column => column.Steps.IsEmpty))
            throw Nothing();
        contents ??= new DemoContents();
        var models = new ModelTable();
        var columns = new List<(ColumnDetail Column, int? Model, List<DemoLogits> Logits)>();
        foreach (var (index, column) in comparison.Columns.Index())
        {
            int? model = column.Card is { } card ? models.Add(card) : null;
            if (model is { } place)
                Name(models, place, column.Steps, contents);
            columns.Add((column, model, await LogitsAsync(column.Steps, step => review.LogitsAsync(index, step, cancellationToken), contents)));
        }

        var described = models.Build();
        ImmutableArray<DemoRun> runs = [.. columns.Select((column, index) => Column(models, index, column.Column, column.Model, column.Logits, contents))];
        return Demo(words, described, comparison.Request, runs) with
        {
            Kind = DemoKind.Comparison,
            Comparison = new DemoComparison
            {
                FirstDifference = comparison.FirstDifference,
                ForwardPasses = comparison.ForwardPasses.Made,
                ForwardPassesAlone = comparison.ForwardPasses.Alone,
                Forks = comparison.Forks,
                Metrics = [.. RunMetrics.All.Select(metric => metric.Name)],
                Together = Metrics(comparison.MetricsTogether),
            },
        };
    }

    /// <summary>The settings of a strategy, those that are not neutral.</summary>
    internal static RunRequest Strategy(SamplingOptions options)
    {
        var request = new RunRequest { Order = options.Order };
        request = SamplingStages.Parameters.Where(options.Has).Aggregate(request, (current, number) => current.With(StageSettings.Of(number), options[number]));
        return SamplingStages.Texts.Where(options.Has).Aggregate(request, (current, texts) => current.With(StageSettings.Of(texts), options[texts]));
    }

    private static SharedDemoException Nothing() => new("demo.nothing", $"There is nothing to share yet: no token was generated.");

    private static string NameOf(int index) => $"r{index}";

    /// <summary>The stretches of a run, those with the same settings as one.</summary>
    private static List<RunStretch> Parts(RunDetail run)
    {
        var parts = new List<RunStretch>();
        foreach (var stretch in run.Stretches.Where(stretch => stretch.FirstStep == 0 || stretch.FirstStep < run.Steps.Count))
        {
            if (parts is [.., var last] && last.FirstStep == stretch.FirstStep)
                parts.RemoveAt(parts.Count - 1);
            if (parts is [.., var before] && IsOneRun(before, stretch))
                parts[^1] = before with { Request = stretch.Request };
            else
                parts.Add(stretch);
        }

        return parts;
    }

    /// <summary>Whether going on so gives what not having stopped would have given.</summary>
    private static bool IsOneRun(RunStretch one, RunStretch next) =>
        one.Sampling.Equals(next.Sampling) && !one.Request.Search.IsSearch && one.Request.Search.Equals(next.Request.Search);

    private SharedDemo Demo(DemoWords? words, ImmutableArray<DemoModel> models, RunRequest request, ImmutableArray<DemoRun> runs)
    {
        words = (words ?? new DemoWords()).Checked();
        var now = time.GetUtcNow().UtcDateTime;
        return new SharedDemo
        {
            Version = SharedDemo.CurrentVersion,
            Kind = DemoKind.Run,
            Title = words.Title,
            Description = words.Description,
            Note = words.Note,
            Created = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc),
            Environment = DemoEnvironment.Current(engine),
            Models = models,
            Request = request,
            Runs = runs,
        };
    }

    private static DemoRun Column(ModelTable models, int index, ColumnDetail column, int? model, List<DemoLogits> logits, DemoContents contents) => new()
    {
        Id = NameOf(index),
        Model = model,
        Request = column.Request,
        Strategy = Strategy(column.Sampling ?? new SamplingOptions()),
        Batched = true,
        PromptIds = column.PromptIds,
        Steps = new StepColumns(models, model ?? 0, contents.Candidates).Build(column.Steps, logits),
        Text = string.Concat(column.Steps.Select(step => step.Released)),
        Stop = Stop(column.Summary),
        Usage = Usage(column.PromptTokens, column.Steps.Count, column.Summary, column.Summary?.TimeToFirstToken, column.Summary?.TokensPerSecond ?? 0),
        Column = new DemoColumn
        {
            Difference = column.Difference,
            DifferenceFromFirst = column.DifferenceFromFirst,
            Metrics = Metrics(column.Metrics),
            Error = column.Error?.Text,
        },
    };

    private static void Name(ModelTable models, int model, IEnumerable<TokenStep> steps, DemoContents contents)
    {
        foreach (var candidate in steps.SelectMany(step => StepColumns.Listed(step, contents.Candidates)))
            models.Name(model, candidate.Id, candidate.Text);
    }

    /// <summary>Names the tokens of a search's sequences, most of which are no candidates of the text that won.</summary>
    private static void Name(ModelTable models, int model, BeamsView beams)
    {
        foreach (var id in new[] { beams.Step.Live, beams.Step.Finished, beams.Step.Returned }.SelectMany(list => list).SelectMany(beam => beam.Ids).Distinct())
            models.Name(model, id, beams.Tokenizer.Describe(id));
    }

    private static async Task<List<DemoLogits>> LogitsAsync(ImmutableList<TokenStep> steps, Func<int, Task<float[]>> logits, DemoContents contents)
    {
        var kept = new List<DemoLogits>();
        for (var index = 0; contents.Logits && index < steps.Count; index++)
        {
            // A step may list fewer than the demo asks for.
            var listed = steps[index].Top.Count(candidate => candidate.Rank <= contents.Candidates);
            kept.Add(DemoLogits.Quantise(await logits(index), listed, steps[index].Id));
        }

        return kept;
    }

    private static DemoStop? Stop(GenerationSummary? summary) => summary is null ? null : new DemoStop
    {
        Reason = summary.FinishReason.Name,
        Position = summary.Stop?.Position,
        TextOffset = summary.Stop?.TextOffset,
        StopString = summary.Stop?.StopString,
        PatternSize = summary.Stop?.PatternSize,
        Count = summary.Stop?.Count,
    };

    private static DemoUsage Usage(int promptTokens, int newTokens, GenerationSummary? summary, TimeSpan? toFirst, double perSecond) => new()
    {
        PromptTokens = promptTokens,
        SourceTokens = 0,
        NewTokens = newTokens,
        CachedTokens = summary?.CachedTokens ?? 0,
        SecondsToFirstToken = toFirst is { } time ? Math.Round(time.TotalSeconds, 3) : null,
        TokensPerSecond = StepColumns.Digits(double.IsFinite(perSecond) ? perSecond : 0, 4),
    };

    private static ImmutableArray<double?> Metrics(ImmutableArray<double?> metrics) =>
        [.. metrics.Select(metric => metric is { } number && double.IsFinite(number) ? StepColumns.Digits(number) : (double?)null)];
}
