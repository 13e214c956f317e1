using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Tests.Jobs;
using LmPlayground.Runs.Work;
using LmPlayground.Sampling.Stopping;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>
/// Work that is inside a model while all ends around it: the job is cancelled, the manager, the engine and the catalogue are closed. Nothing native may be
/// freed before the pass has left the model, and nothing may be left after.
/// </summary>
public class FreedWhileRunningTests
{
    private static readonly Dictionary<string, Func<Bench, RunRequest, IJob>> Kinds = new()
    {
        ["sampling"] = (bench, request) => bench.Run(request),
        ["beam search"] = (bench, request) => bench.Run(request with { Search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 3 } } }),
        ["best of"] = (bench, request) => bench.Run(request with { Search = new SearchStrategy { BestOf = new BestOfOptions { Count = 3 } } }),
        ["guidance"] = (bench, request) => bench.Run(request with { Search = new SearchStrategy { GuidanceScale = 1.5 } }),
        ["comparison"] = (bench, request) => bench.Manager.StartComparison("page", request with
        {
            Columns = [new RunRequest(), new RunRequest { Seed = 5 }, new RunRequest { Seed = 6 }],
        }).Job,
        ["scoring"] = (bench, request) => bench.Manager.StartScoring("page", request with { Continuation = " upon a time", Columns = [new RunRequest(), new RunRequest()] }),
        ["fill"] = (bench, request) => bench.Run(request with { Prompt = "a_b_c_", Task = RunTask.Fill }),
        ["predict"] = (bench, request) => bench.Run(request with { Prompt = "a_b_c_", Task = RunTask.Predict }),
        ["masked scoring"] = (bench, request) => bench.Run(request with { Prompt = "abcdef", Task = RunTask.Score }),
        ["source"] = (bench, request) => bench.Run(request with { Source = "a source" }),
        ["search over a source"] = (bench, request) => bench.Run(request with
        {
            Source = "a source",
            Search = new SearchStrategy { Beams = new BeamSearchOptions { NumBeams = 3 }, GuidanceScale = 1.5 },
        }),
    };

    private static readonly string[] Batched = ["beam search", "best of", "comparison"];

    public static TheoryData<string, bool, int> Work
    {
        get
        {
            var work = new TheoryData<string, bool, int>();
            foreach (var kind in Kinds.Keys)
            {
                foreach (var pass in (int[])[1, 2, 5])
                {
                    if (kind == "predict" && pass > 1)
                        continue;
                    if (pass <= 3 || kind is not "fill")
                        work.Add(kind, false, pass);
                    if (Batched.Contains(kind))
                        work.Add(kind, true, pass);
                }
            }

            return work;
        }
    }

    [Theory]
    [MemberData(nameof(Work))]
    public async Task Nothing_is_freed_before_the_pass_has_left_the_model(string kind, bool batches, int pass)
    {
        using var native = new NativeLedger(pass);
        using var bench = new Bench(() => ModelFor(kind, batches, native));
        var job = Kinds[kind](bench, Request);
        await native.Held.Soon();
        job.Cancel();
        Assert.False(bench.Catalog.Unload("model"));
        await bench.CloseAsync();
        Assert.Empty(native.Faults);
        Assert.InRange(native.Alive, 1, int.MaxValue);
        native.Release();
        await job.Completion.Soon();
        Assert.Empty(native.Faults);
        Assert.Equal(0, native.Alive);
    }

    [Theory]
    [InlineData("sampling")]
    [InlineData("guidance")]
    [InlineData("source")]
    [InlineData("masked scoring")]
    public async Task A_look_back_keeps_its_model_too(string kind)
    {
        using var native = new NativeLedger();
        using var bench = new Bench(() => ModelFor(kind, batches: false, native));
        await Kinds[kind](bench, Request).Completion.Soon();
        var run = bench.Manager.FindRun("page")!;
        Assert.Equal((JobStatus.Finished, null), (run.Job.Status, run.Job.Snapshot.Error));
        native.HoldNext();
        var looking = run.Review.InspectAsync(3, run.Job.Snapshot.Detail.Sampling!, TestContext.Current.CancellationToken);
        await native.Held.Soon();
        await bench.CloseAsync();
        Assert.Empty(native.Faults);
        Assert.InRange(native.Alive, 1, int.MaxValue);
        native.Release();
        await looking.Soon();
        Assert.Empty(native.Faults);
        Assert.Equal(0, native.Alive);
    }

    [Fact]
    public async Task A_model_that_is_unloaded_takes_its_idle_sequences_with_it()
    {
        using var native = new NativeLedger();
        using var bench = new Bench(() => ModelFor("sampling", batches: false, native));
        await bench.Run(Request).Completion.Soon();
        Assert.True(native.Alive > 1);
        Assert.True(bench.Catalog.Unload("model"));
        Assert.Empty(native.Faults);
        Assert.Equal(0, native.Alive);
        await bench.CloseAsync();
    }

    private static RunRequest Request => new()
    {
        Model = "model",
        Prompt = "Once",
        Seed = 11,
        Stopping = new StoppingOptions { MaxNewTokens = 8 },
    };

    private static IModel ModelFor(string kind, bool batches, NativeLedger native) => kind switch
    {
        "fill" or "predict" or "masked scoring" => new NativeMaskedModel(native),
        "source" or "search over a source" => new NativeEncoderDecoder(native),
        _ => batches ? new NativeBatchingModel(native, new FakeModel()) : new NativeModel(native, new FakeModel()),
    };

    /// <summary>The manager over a real catalogue whose one model is a fake, wired as the server wires them.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly GenerationEngine _engine = new(new GenerationOptions { KeptLogitsBytes = 0, IdleSequences = 4 });
        private readonly JobManager _jobs = new(new JobOptions(), TimeProvider.System, NullLogger<JobManager>.Instance);

        internal Bench(Func<IModel> load)
        {
            _folder.Write("models/model/model.onnx", "x");
            var options = new ModelCatalogOptions();
            options.Directories.Add(_folder.Combine("models"));
            Catalog = new ModelCatalog(options, (_, _, _) => load());
            Catalog.Unloading += (_, unloading) => _engine.Forget(unloading.Model);
            var planner = new RunPlanner(_engine, new PlanningOptions(), TimeProvider.System);
            Manager = new RunManager(_jobs, new WorkServices(Catalog, _engine, planner, TimeProvider.System, NullLogger.Instance));
        }

        internal ModelCatalog Catalog { get; }

        internal RunManager Manager { get; }

        internal IJob Run(RunRequest request) => Manager.StartRun("page", request).Job;

        /// <summary>Ends all as a server does that will wait no longer.</summary>
        internal async Task CloseAsync()
        {
            await _jobs.DisposeAsync();
            _engine.Dispose();
            await Catalog.DisposeAsync();
        }

        public void Dispose() => _folder.Dispose();
    }
}
