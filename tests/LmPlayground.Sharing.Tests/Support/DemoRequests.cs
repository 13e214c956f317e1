using LmPlayground.Generation.Search;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Sharing.Tests.Support;

/// <summary>One request of each kind of work.</summary>
internal static class DemoRequests
{
    /// <summary>What is asked for, by its name.</summary>
    internal static readonly Dictionary<string, RunRequest> All = new()
    {
        ["ngram"] = Text("ngram", "Once upon a time", 12),
        ["chat"] = Text("instruct", "What is the capital of France?", 12) with { System = "Be brief.", TemplateTime = new DateTime(2026, 11, 27, 8, 30, 0) },
        ["stop-string"] = Text("transformer", "Once upon a time", 40) with
        {
            Stopping = new StoppingOptions { MaxNewTokens = 40, StopStrings = [" was "] },
        },
        ["masked-fill"] = new() { Model = "bert", Prompt = "The [MASK] sat on the [MASK].", Task = RunTask.Fill, Seed = 3 },
        ["masked-score"] = new() { Model = "bert", Prompt = "The cat sat.", Task = RunTask.Score, Seed = 3 },
        ["source"] = Text("t5", "", 8) with { Source = "A dog sat." },
        ["beams"] = Text("transformer", "Once upon a time", 8) with
        {
            Search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 4, NumReturnSequences = 2 } },
        },
        ["best-of"] = Text("ngram", "Once upon a time", 6) with { Search = new SearchStrategy { BestOf = new BestOfOptions { Count = 3 } } },
        ["guidance"] = Text("transformer", "Once upon a time", 6) with { Search = new SearchStrategy { GuidanceScale = 1.5 } },
        ["mirostat"] = Text("transformer", "Once upon a time", 8).With(StageSettings.Of(MirostatV2Stage.Tau), 3),
        ["comparison"] = Text("transformer", "Once upon a time", 10) with { Columns = [Hot(0.5), Hot(1.4), new RunRequest { Model = "ngram" }] },
    };

    /// <summary>Their names.</summary>
    internal static TheoryData<string> Names => [.. All.Keys];

    internal static RunRequest Text(string model, string prompt, int tokens) => new()
    {
        Model = model,
        Prompt = prompt,
        Seed = 7,
        Stopping = new StoppingOptions { MaxNewTokens = tokens, StopAtEndOfSequence = false },
    };

    private static RunRequest Hot(double temperature) => new RunRequest().With(StageSettings.Of(TemperatureStage.Temperature), temperature);
}
