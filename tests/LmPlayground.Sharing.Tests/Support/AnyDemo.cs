using System.Collections.Immutable;
using LmPlayground.Runs;
using LmPlayground.Runs.Tests.Requests;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;

namespace LmPlayground.Sharing.Tests.Support;

/// <summary>Random demos that hold together: every field takes all that it may.</summary>
internal sealed class AnyDemo(Random random)
{
    private static readonly string[] Texts =
        ["", "a", "\"quoted\"", "<script>alert(1)</script>", "\u202Eright to left", "\u001B[31mred", "猫が座る", "😀👩‍👩‍👧", "line\nbreak\ttab\0", new string('w', 200), "&amp;", "http://example.org/"];

    internal SharedDemo Next()
    {
        var kind = OneOf(Enum.GetValues<DemoKind>());
        var models = Many(1, 3, Model);
        var runs = ImmutableArray.CreateBuilder<DemoRun>();
        foreach (var index in Enumerable.Range(0, random.Next(1, 5)))
            runs.Add(Run(kind, index, runs, models));
        return new SharedDemo
        {
            Version = SharedDemo.CurrentVersion,
            Kind = kind,
            Title = Text(),
            Description = Text(),
            Note = Text(),
            Created = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(random.Next(10_000_000)),
            Environment = new DemoEnvironment
            {
                PromptChunk = random.Next(1, 4096),
                GraphRewriting = random.Next(3),
                ExecutionProvider = Text(),
                Playground = Text(),
                Runtime = Text(),
                OnnxRuntime = Text(),
                OperatingSystem = Text(),
                Architecture = Text(),
                ProcessorFeatures = Many(0, 4, Text),
            },
            Models = models,
            Request = Request(),
            Runs = runs.ToImmutable(),
            Comparison = kind != DemoKind.Comparison ? null : new DemoComparison
            {
                FirstDifference = Perhaps(() => random.Next(100)),
                ForwardPasses = random.Next(100),
                ForwardPassesAlone = random.Next(100),
                Forks = random.Next(100),
                Metrics = ["tokens", Text()],
                Together = [Perhaps(Real), Perhaps(Real)],
            },
        };
    }

    private DemoModel Model()
    {
        var size = random.Next(4, 500);
        ImmutableArray<int> ids = [.. Enumerable.Range(0, size).Where(id => id < 2 || random.Next(3) > 0)];
        return new DemoModel
        {
            Id = Text(),
            Name = Text(),
            Architecture = Text(),
            WeightsFile = Text(),
            Variant = random.Next(2) == 0 ? null : Text(),
            ContentHash = random.Next(2) == 0 ? "" : new string('a', 64),
            TokenizerHash = random.Next(2) == 0 ? "" : new string('0', 64),
            VocabularySize = size,
            ContextLength = Perhaps(() => random.Next(1, 1000)),
            ReproductionCaveat = random.Next(2) == 0 ? null : Text(),
            TokenIds = ids,
            TokenTexts = [.. ids.Select(_ => Text())],
        };
    }

    private DemoRun Run(DemoKind kind, int index, ImmutableArray<DemoRun>.Builder before, ImmutableArray<DemoModel> models)
    {
        var place = random.Next(models.Length);
        var model = models[place];
        var steps = Steps(model);
        var parent = index > 0 && random.Next(2) == 0 ? before[random.Next(index)] : null;
        var masked = kind == DemoKind.Masked ? Masked(model) : null;
        if (masked is not null)
            steps = steps with { Positions = [.. steps.Positions.Select(_ => random.Next(masked.Ids.Length))] };
        return new DemoRun
        {
            Id = $"run {index}",
            Parent = parent?.Id,
            Position = parent is null ? null : random.Next((parent.Position ?? 0) + parent.Steps.Count + 1),
            Model = place,
            Request = Request(),
            Strategy = Request(),
            Batched = random.Next(2) == 0,
            PromptIds = Many(0, 9, () => random.Next(model.VocabularySize)),
            SourceIds = random.Next(2) == 0 ? null : Many(0, 9, () => random.Next(model.VocabularySize)),
            RenderedPrompt = random.Next(2) == 0 ? null : Text(),
            Steps = steps,
            Text = Text(),
            Stop = random.Next(2) == 0 ? null : new DemoStop
            {
                Reason = OneOf("length", "stop_string", "cancelled", Text()),
                Position = Perhaps(() => random.Next(100)),
                TextOffset = Perhaps(() => random.Next(100)),
                StopString = random.Next(2) == 0 ? null : Text(),
                PatternSize = Perhaps(() => random.Next(100)),
                Count = Perhaps(() => random.Next(100)),
            },
            Usage = new DemoUsage
            {
                PromptTokens = random.Next(1000),
                SourceTokens = random.Next(1000),
                NewTokens = random.Next(1000),
                CachedTokens = random.Next(1000),
                SecondsToFirstToken = Perhaps(() => random.NextDouble() * 9),
                TokensPerSecond = random.NextDouble() * 900,
            },
            Search = random.Next(2) == 0 ? null : new DemoSearch { Live = Many(0, 3, () => Beam(model)), Finished = Many(0, 3, () => Beam(model)), Returned = Many(0, 3, () => Beam(model)) },
            Masked = masked,
            Column = kind != DemoKind.Comparison ? null : new DemoColumn
            {
                Difference = Perhaps(() => random.Next(100)),
                DifferenceFromFirst = Perhaps(() => random.Next(100)),
                Metrics = random.Next(2) == 0 ? [] : [Perhaps(Real), Perhaps(Real)],
                Error = random.Next(2) == 0 ? null : Text(),
            },
        };
    }

    private DemoSteps Steps(DemoModel model)
    {
        var count = random.Next(6);
        string[] names = ["temperature", "top_p", "a stage of tomorrow"];
        var (size, hasTail) = (model.VocabularySize, random.Next(2) == 0);
        ImmutableArray<ImmutableArray<int>> listed = [.. Enumerable.Range(0, count).Select(_ => Listed(model))];
        ImmutableArray<int> ids = [.. listed.Select(places => model.TokenIds[places[random.Next(places.Length)]])];
        ImmutableArray<int> stages = Ints(count, 4), bins = Ints(count, 3);
        var (all, bars, candidates) = (stages.Sum(), bins.Sum(), listed.Sum(places => places.Length));
        ImmutableArray<float> tops = [.. Enumerable.Range(0, count).Select(_ => (float)Real())];
        return new DemoSteps
        {
            Positions = Ints(count, 1000),
            Ids = ids,
            Texts = Of(count, Text),
            Released = random.Next(2) == 0 ? null : Of(count, Text),
            Logits = [.. tops.Select(top => MathF.Min(top, (float)Real()))],
            TopLogits = tops,
            Ranks = [.. Ints(count, size).Select(rank => rank + 1)],
            Surprisals = Of(count, () => Math.Abs(Real())),
            Entropies = Of(count, () => Math.Abs(Real())),
            DrawnAt = Of(count, random.NextDouble),
            DrawnLow = Of(count, random.NextDouble),
            DrawnHigh = Of(count, random.NextDouble),
            DrawnIds = random.Next(2) == 0 ? null : Ints(count, size),
            Forced = random.Next(2) == 0 ? null : Of(count, () => random.Next(2) == 0),
            StatesBefore = random.Next(2) == 0 ? null : Of(count, () => Perhaps(Real)),
            StatesAfter = random.Next(2) == 0 ? null : Of(count, () => Perhaps(Real)),
            StageNames = [.. names],
            Stages = new DemoStages
            {
                Counts = stages,
                Stages = Ints(all, names.Length),
                Values = Of(all, () => Perhaps(Real)),
                Kept = Ints(all, size + 1),
                RemovedMass = Of(all, random.NextDouble),
                EntropyAfter = Of(all, Real),
                Moved = Ints(all, size + 1),
                Inert = Of(all, () => OneOf(Enum.GetValues<InertKind>())),
                InertStages = Ints(all, names.Length),
                InertCounts = Ints(all, size + 1),
            },
            Candidates = new DemoCandidates
            {
                Counts = [.. listed.Select(places => places.Length)],
                Tokens = [.. listed.SelectMany(places => places)],
                Gaps = Ints(candidates, 5000),
                Sampled = Of(candidates, random.NextDouble),
                RemovedBy = [.. Ints(candidates, names.Length + 1).Select(place => place - 1)],
            },
            Others = new DemoOthers
            {
                Probabilities = Of(count, random.NextDouble),
                Sampled = Of(count, random.NextDouble),
                Kept = [.. listed.Select(places => random.Next(size - places.Length + 1))],
                RemovedBy = [.. Ints(count, names.Length + 1).Select(place => place - 1)],
            },
            Tail = hasTail ? Tail(listed, size) : null,
        };
    }

    private DemoTail Tail(ImmutableArray<ImmutableArray<int>> listed, int size) => new()
    {
        Counts = [.. listed.Select(_ => 2)],
        Bins = [.. listed.SelectMany(places => (int[])[size - places.Length - ((size - places.Length) / 2), (size - places.Length) / 2])],
        Means = Ints(listed.Length * 2, DemoLogits.MeanParts + 1),
        Depths = Ints(listed.Length, 100_000),
        RuledOut = [.. listed.Select(_ => 0)],
    };

    private ImmutableArray<int> Listed(DemoModel model)
    {
        var places = Enumerable.Range(0, model.TokenIds.Length).ToArray();
        random.Shuffle(places);
        return [.. places.Take(random.Next(1, Math.Min(25, places.Length + 1)))];
    }

    private DemoBeam Beam(DemoModel model)
    {
        var count = random.Next(4);
        return new DemoBeam
        {
            Ids = Ints(count, model.VocabularySize),
            Text = Text(),
            LogProbabilities = Of(count, Real),
            Sum = Real(),
            Score = Real(),
            Group = random.Next(5),
            FinishReason = random.Next(2) == 0 ? null : Text(),
        };
    }

    private DemoMaskedText Masked(DemoModel model)
    {
        var count = random.Next(1, 9);
        return new DemoMaskedText
        {
            Text = new string('m', 100),
            Ids = Ints(count, model.VocabularySize),
            Starts = Ints(count, 50),
            Lengths = Ints(count, 50),
            Masks = [.. Enumerable.Range(0, count).Where(_ => random.Next(2) == 0)],
            Task = OneOf(Enum.GetValues<DemoMaskedTask>()),
            IsCancelled = random.Next(2) == 0,
            Bits = Real(),
            BitsPerCharacter = Real(),
        };
    }

    private RunRequest Request() => new AnyRequest(random).Next(allowColumns: random.Next(4) == 0);

    private string Text() => OneOf(Texts);

    private double Real() => random.Next(8) switch
    {
        0 => 0,
        1 => -0.0,
        2 => 1e-300 * random.NextDouble(),
        3 => 1e30 * random.NextDouble(),
        _ => (random.NextDouble() - 0.5) * 40,
    };

    private T? Perhaps<T>(Func<T> make)
        where T : struct => random.Next(2) == 0 ? null : make();

    private T OneOf<T>(params T[] values) => values[random.Next(values.Length)];

    private ImmutableArray<int> Ints(int count, int below) => Of(count, () => random.Next(below));

    private static ImmutableArray<T> Of<T>(int count, Func<T> make) => [.. Enumerable.Range(0, count).Select(_ => make())];

    private ImmutableArray<T> Many<T>(int least, int most, Func<T> make) => Of(random.Next(least, most + 1), make);
}
