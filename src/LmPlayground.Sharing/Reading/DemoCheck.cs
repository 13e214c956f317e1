using System.Collections.Immutable;
using LmPlayground.Sharing.Document;

namespace LmPlayground.Sharing.Reading;

/// <summary>Checks a document's content: after it every place in a list is one, every id a token's, every number finite.</summary>
internal static class DemoCheck
{
    private const int HashLength = 64;

    /// <exception cref="SharedDemoException">Something does not fit.</exception>
    internal static void Check(SharedDemo demo)
    {
        Text("title", demo.Title, DemoLimits.Title);
        Text("description", demo.Description, DemoLimits.Description);
        Text("note", demo.Note, DemoLimits.Note);
        Need(demo.Created.Kind == DateTimeKind.Utc && demo.Created.Ticks % TimeSpan.TicksPerMinute == 0, "created");
        Environment(demo.Environment);
        Need(!demo.Models.IsDefault && !demo.Runs.IsDefault, "models or runs");
        AtMost("models", demo.Models.Length, DemoLimits.Models);
        AtMost("runs", demo.Runs.Length, DemoLimits.Runs);
        Need(demo.Runs.Length > 0, "runs");
        Need(demo.Runs.All(run => run is not null) && demo.Models.All(model => model is not null), "models or runs");
        foreach (var model in demo.Models)
            Model(model);
        long tokens = demo.Runs.Sum(run => (long)Length(run.Steps.Ids)), candidates = demo.Runs.Sum(run => (long)Length(run.Steps.Candidates.Tokens));
        AtMost("tokens", tokens, DemoLimits.Tokens);
        AtMost("candidates", candidates, DemoLimits.Candidates);
        foreach (var run in demo.Runs)
            DemoRunCheck.Check(demo, run);
        Branches(demo);
        Comparison(demo);
    }

    internal static void Need(bool holds, string what)
    {
        if (!holds)
            throw new SharedDemoException("demo.value", $"The demo cannot be opened: {what} is not what a demo has there.");
    }

    internal static void AtMost(string what, long count, int most)
    {
        if (count > most)
            throw new SharedDemoException("demo.too_many", $"The demo has {count:N0} {what}, and {most:N0} are the most that are read.");
    }

    internal static void Text(string what, string? text, int most = DemoLimits.Text)
    {
        if (text is { Length: var length } && length > most)
            throw new SharedDemoException("demo.text_too_long", $"The demo's {what} has {length:N0} characters, and {most:N0} are the most that are read.");
    }

    internal static void Texts(string what, ImmutableArray<string> texts, int count)
    {
        Many(what, texts, count);
        foreach (var text in texts)
        {
            Need(text is not null, what);
            Text(what, text);
        }
    }

    internal static void Many<T>(string what, ImmutableArray<T> list, int count)
    {
        if (list.IsDefault || list.Length != count)
            throw new SharedDemoException("demo.lengths", $"The demo does not fit together: its list {what} has {Length(list):N0} entries, not {count:N0}.");
    }

    internal static void Ids(string what, ImmutableArray<int> ids, int size)
    {
        Need(!ids.IsDefault, what);
        foreach (var id in ids)
        {
            if (id < 0 || id >= size)
                throw new SharedDemoException("demo.id_outside", $"The demo's {what} name token {id}, which is not in the vocabulary of {size:N0} tokens.");
        }
    }

    internal static void Places(string what, ImmutableArray<int> places, int size, int least = 0)
    {
        foreach (var place in places)
            Need(place >= least && place < size, what);
    }

    internal static void Finite(string what, double number)
    {
        if (!double.IsFinite(number))
            throw new SharedDemoException("demo.not_finite", $"The demo's {what} hold a number that is none.");
    }

    internal static void Finite(string what, ImmutableArray<double> numbers)
    {
        foreach (var number in numbers)
            Finite(what, number);
    }

    internal static void Finite(string what, ImmutableArray<double?> numbers)
    {
        Need(!numbers.IsDefault, what);
        foreach (var number in numbers)
            Finite(what, number ?? 0);
    }

    internal static void Finite(string what, ImmutableArray<float> numbers)
    {
        foreach (var number in numbers)
            Finite(what, number);
    }

    internal static void Probabilities(string what, ImmutableArray<double> numbers)
    {
        foreach (var number in numbers)
        {
            Finite(what, number);
            if (number is < 0 or > 1)
                throw new SharedDemoException("demo.probability", $"The demo's {what} hold {number}, which is no probability.");
        }
    }

    private static int Length<T>(ImmutableArray<T> list) => list.IsDefault ? 0 : list.Length;

    private static void Environment(DemoEnvironment environment)
    {
        string[] texts =
        [
            environment.ExecutionProvider, environment.Playground, environment.Runtime, environment.OnnxRuntime, environment.OperatingSystem,
            environment.Architecture,
        ];
        foreach (var text in texts)
            Text("environment", text);
        Need(environment is { PromptChunk: >= 1, GraphRewriting: >= 0, ProcessorFeatures: { IsDefault: false, Length: <= 64 } }, "environment");
        Texts("environment.processor_features", environment.ProcessorFeatures, environment.ProcessorFeatures.Length);
    }

    private static void Model(DemoModel model)
    {
        foreach (var text in (string?[])[model.Id, model.Name, model.Architecture, model.WeightsFile, model.Variant, model.ReproductionCaveat])
            Text("models", text);
        Need(IsHash(model.ContentHash) && IsHash(model.TokenizerHash), "a model's hash");
        Need(model.VocabularySize is >= 1 and <= DemoLimits.Vocabulary && model.ContextLength is null or >= 1, "models");
        Ids("token_ids", model.TokenIds, model.VocabularySize);
        for (var i = 1; i < model.TokenIds.Length; i++)
            Need(model.TokenIds[i] > model.TokenIds[i - 1], "the order of token_ids");
        Texts("token_texts", model.TokenTexts, model.TokenIds.Length);
    }

    private static bool IsHash(string text) => text.Length == 0 || (text.Length == HashLength && text.All(char.IsAsciiHexDigitLower));

    /// <summary>Every branch leaves a run that stands before it, at one of its tokens: no circle can be made of such.</summary>
    private static void Branches(SharedDemo demo)
    {
        var lengths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var run in demo.Runs)
        {
            var before = 0;
            if (run.Parent is { } parent)
            {
                if (!lengths.TryGetValue(parent, out var length))
                    throw new SharedDemoException("demo.parent", $"The demo's run {run.Id} leaves a run that does not stand before it.");
                Need(run.Position is { } position && position >= 0 && position <= length, "the position of a branch");
                before = run.Position!.Value;
            }
            else
            {
                Need(run.Position is null, "the position of a run that leaves none");
            }

            if (!lengths.TryAdd(run.Id, before + run.Steps.Count))
                throw new SharedDemoException("demo.run_twice", $"The demo has two runs called {run.Id}.");
        }
    }

    private static void Comparison(SharedDemo demo)
    {
        var isComparison = demo.Kind == DemoKind.Comparison;
        Need(isComparison == demo.Comparison is not null, "comparison");
        foreach (var run in demo.Runs)
        {
            Need(isComparison == run.Column is not null, "column");
            Need(demo.Kind == DemoKind.Masked == run.Masked is not null, "masked");
            Need(isComparison || run.Model is not null, "model");
        }

        if (demo.Comparison is not { } comparison)
            return;
        Need(comparison is { ForwardPasses: >= 0, ForwardPassesAlone: >= 0, Forks: >= 0, Metrics: { IsDefault: false, Length: <= 64 } }, "comparison");
        Need(comparison.FirstDifference is null or >= 0, "comparison");
        Texts("comparison.metrics", comparison.Metrics, comparison.Metrics.Length);
        Numbers(comparison.Together);
        foreach (var run in demo.Runs)
            Numbers(run.Column!.Metrics);

        void Numbers(ImmutableArray<double?> numbers)
        {
            Finite("metrics", numbers);
            Need(numbers.Length == 0 || numbers.Length == comparison.Metrics.Length, "metrics");
        }
    }
}
