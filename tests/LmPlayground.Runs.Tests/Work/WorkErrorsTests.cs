using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Search;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>Whose fault an error is: what was asked for is answered in its own words, the program's own faults are logged and not shown.</summary>
public class WorkErrorsTests
{
    private const string Innards = "the third argument of the inner loop";

    private static readonly BeamSearchOptions Beams = new() { NumBeams = 2 };

    private static readonly Dictionary<string, Func<RunBench, Task<string?>>> Kinds = new()
    {
        ["sampling"] = async bench => (await bench.EndOf(RunBench.Request())).Error?.Text,
        ["beam search"] = async bench => (await bench.EndOf(RunBench.Request() with { Search = new SearchStrategy { Beams = Beams } })).Error?.Text,
        ["best of"] = async bench => (await bench.EndOf(RunBench.Request() with { Search = new SearchStrategy { BestOf = new BestOfOptions { Count = 2 } } })).Error?.Text,
        ["guidance"] = async bench => (await bench.EndOf(RunBench.Request() with { Search = new SearchStrategy { GuidanceScale = 2 } })).Error?.Text,
        ["comparison"] = async bench =>
        {
            var end = await bench.Manager.StartComparison("page", RunBench.Request() with { Columns = [new RunRequest(), new RunRequest { Seed = 5 }] }).Job.End();
            return Assert.Single(end.Detail.Columns.Select(column => column.Error?.Text).Distinct());
        },
        ["scoring"] = async bench =>
        {
            var request = RunBench.Request() with { Continuation = " upon", Columns = [new RunRequest()] };
            return Assert.Single((await bench.Manager.StartScoring("page", request).End()).Detail.Scores).Error?.Text;
        },
    };

    private static readonly Dictionary<string, RunRequest> Refused = new()
    {
        ["#999"] = RunBench.Request().With(StageSettings.Of(LogitBiasStage.Entries), ["#999=5"]),
        ["Mirostat"] = RunBench.Request().With(StageSettings.Of(MirostatStage.Tau), 3) with { Search = new SearchStrategy { Beams = Beams } },
        ["stop_below_probability"] = RunBench.Request() with
        {
            Search = new SearchStrategy { Beams = Beams },
            Stopping = new StoppingOptions().With(LowProbabilityRule.Probability, 0.1),
        },
        ["num_beam_groups"] = RunBench.Request() with { Search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 3, NumBeamGroups = 2, DiversityPenalty = 1 } } },
        ["best_of"] = RunBench.Request() with { Search = new SearchStrategy { BestOf = new BestOfOptions { Count = BestOfOptions.MaxSamples + 1 } } },
        ["guidance_scale"] = RunBench.Request() with { Search = new SearchStrategy { GuidanceScale = -1 } },
        ["top_q"] = RunBench.Request() with { Order = new StageOrder("top_q") },
        ["There is no model"] = RunBench.Request() with { Model = null },
        ["missing/model.onnx"] = RunBench.Request() with { Model = "missing" },
        ["id 300"] = RunBench.Request() with { PromptIds = [300] },
        ["no masked model"] = RunBench.Request() with { Task = RunTask.Fill },
    };

    public static TheoryData<string, bool> Faults
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var kind in Kinds.Keys)
            {
                data.Add(kind, false);
                data.Add(kind, true);
            }

            return data;
        }
    }

    public static TheoryData<string> Requests => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_of_the_program_is_logged_and_shown_without_its_innards(string kind, bool ofRange)
    {
        await using var bench = new RunBench();
        Exception fault = ofRange ? new ArgumentOutOfRangeException(nameof(kind), Innards) : new ArgumentException(Innards);
        bench.Model.OnForward = (_, _) => throw fault;
        var error = await Kinds[kind](bench);
        Assert.Contains("did not expect", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Innards, error, StringComparison.Ordinal);
        Assert.Same(fault, Assert.Single(bench.Log.Exceptions.Distinct()));
        Assert.NotNull(fault.StackTrace);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task What_was_asked_for_is_refused_in_its_own_words_and_not_logged(string words)
    {
        await using var bench = new RunBench();
        var end = await bench.EndOf(Refused[words]);
        Assert.Equal((JobStatus.Failed, true), (end.Status, end.IsRefusal));
        Assert.Contains(words, end.Error?.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", end.Error?.Text, StringComparison.Ordinal);
        Assert.Empty(bench.Log.Exceptions);
    }

    [Theory]
    [InlineData(ComparisonRequest.LeastColumns - 1)]
    [InlineData(ComparisonRequest.MostColumns + 1)]
    public async Task A_comparison_of_too_few_or_too_many_is_refused_too(int columns)
    {
        await using var bench = new RunBench();
        var request = RunBench.Request() with { Columns = [.. Enumerable.Range(0, columns).Select(seed => new RunRequest { Seed = (ulong)seed })] };
        var end = await bench.Manager.StartComparison("page", request).Job.End();
        Assert.Equal((JobStatus.Failed, true), (end.Status, end.IsRefusal));
        Assert.Contains($"not {columns}", end.Error?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_error_is_either_foreseen_or_not()
    {
        Exception[] own = [new ArgumentException(Innards), new ArgumentNullException(Innards), new InvalidOperationException(Innards), new KeyNotFoundException(Innards)];
        Assert.All(own, exception =>
        {
            Assert.True(WorkErrors.IsUnexpected(exception));
            Assert.False(WorkErrors.IsRefusal(exception));
            Assert.DoesNotContain(Innards, WorkErrors.Explain(exception).Text, StringComparison.Ordinal);
        });
    }
}
