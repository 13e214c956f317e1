using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stages;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Search;

/// <summary>Sessions, threads, errors and cancellation: the same for every search.</summary>
public class SearchSessionTests
{
    public static TheoryData<string> Searches => ["beams", "groups", "samples"];

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task No_session_outlives_the_search_but_the_prompts_own(string kind)
    {
        var model = new FakeModel(endOfSequence: [10, 20, 30]);
        var most = 0;
        model.OnForward = (_, _) => most = Math.Max(most, model.SessionsAlive);
        var engine = new GenerationEngine();
        await Start(engine, model, kind).ToEnd(TestContext.Current.CancellationToken);
        Assert.InRange(most, 2, 4 + 1);
        Assert.Equal(1, model.SessionsAlive);
        engine.Dispose();
        Assert.Equal(0, model.SessionsAlive);
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Cancelling_reaches_into_the_model_and_leaves_no_session(string kind)
    {
        var model = new FakeModel();
        using var cancel = new CancellationTokenSource();
        var passes = 0;
        model.OnForward = (_, token) =>
        {
            if (++passes != 7)
                return;

            // A pass that would never end: only the token can.
            cancel.CancelAfter(1);
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
        };
        using var engine = new GenerationEngine();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Start(engine, model, kind).ToEnd(cancel.Token));
        Assert.Equal(7, passes);
        Assert.Equal(1, model.SessionsAlive);
        model.OnForward = null;
        Assert.NotEmpty((await Start(engine, model, kind).LastAsync(TestContext.Current.CancellationToken)).Returned);
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_NaN_ends_the_search_with_an_error_that_names_the_model(string kind)
    {
        var model = new FakeModel { Script = history => history.Count < 7 ? null : [.. Enumerable.Repeat(float.NaN, 256)] };
        using var engine = new GenerationEngine();
        var error = await Assert.ThrowsAsync<InvalidLogitsException>(() => Start(engine, model, kind).ToEnd(TestContext.Current.CancellationToken));
        Assert.Equal(InvalidLogitsException.ModelStage, error.Stage);
        Assert.Equal(1, model.SessionsAlive);
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_prompt_that_fails_is_not_kept(string kind)
    {
        var model = new FakeModel { OnForward = (_, _) => throw new ModelRunException("broken") };
        using var engine = new GenerationEngine();
        await Assert.ThrowsAsync<ModelRunException>(() => Start(engine, model, kind).ToEnd(TestContext.Current.CancellationToken));
        Assert.Equal(0, model.SessionsAlive);
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Leaving_early_disposes_the_sessions(string kind)
    {
        var model = new FakeModel();
        using var engine = new GenerationEngine();
        await foreach (var step in Start(engine, model, kind))
        {
            if (step.Length == 3)
                break;
        }

        Assert.Equal(1, model.SessionsAlive);
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task The_model_never_runs_on_the_callers_thread(string kind)
    {
        var model = new FakeModel();
        var threads = new HashSet<int>();
        model.OnForward = (_, _) => threads.Add(Environment.CurrentManagedThreadId);
        using var engine = new GenerationEngine();
        var caller = new SingleThread();
        await caller.Run(async () => await Start(engine, model, kind).ToEnd());
        Assert.NotEmpty(threads);
        Assert.DoesNotContain(caller.ThreadId, threads);
    }

    [Fact]
    public async Task A_search_can_be_enumerated_once()
    {
        using var engine = new GenerationEngine();
        var search = Start(engine, new FakeModel(), "beams");
        await search.ToEnd(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => search.ToEnd(TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task The_prefix_cache_and_the_prompts_pieces_change_nothing(string kind)
    {
        var model = new FakeModel();
        var prompt = new string('p', 30);
        using var cold = new GenerationEngine(new GenerationOptions { IdleSequences = 0, PromptChunk = 8 });
        using var warm = new GenerationEngine(new GenerationOptions { PromptChunk = 8 });
        await Start(warm, model, kind, prompt).ToEnd(TestContext.Current.CancellationToken);
        var before = model.Forwards;
        var again = Start(warm, model, kind, prompt);
        var second = await again.LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before + again.ForwardPasses, model.Forwards);
        var expected = await Start(cold, model, kind, prompt).LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected.Returned.Select(beam => beam.Score), second.Returned.Select(beam => beam.Score));
    }

    [Fact]
    public async Task Taking_over_sessions_saves_forks_and_changes_no_bit()
    {
        using var engine = new GenerationEngine();
        var growing = Start(engine, new FakeModel(), "beams");
        var shared = new FakeModel();
        shared = new FakeModel { Card = shared.Card with { Kind = ModelKind.SharedCacheDecoder } };
        var taking = Start(engine, shared, "beams");
        var expected = await growing.ToEnd(TestContext.Current.CancellationToken);
        var actual = await taking.ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal(
            expected.SelectMany(step => step.Live).Select(beam => (beam.Text, beam.Sum)),
            actual.SelectMany(step => step.Live).Select(beam => (beam.Text, beam.Sum)));
        Assert.True(taking.Forks < growing.Forks, $"{taking.Forks} forks against {growing.Forks}");
        Assert.True(taking.ForwardPasses > growing.ForwardPasses);
        Assert.Equal(4 * 11, growing.ForwardPasses);
    }

    private static SearchRun Start(GenerationEngine engine, FakeModel model, string kind, string prompt = "Once")
    {
        var request = Runs.Request(model, prompt, tokens: 12) with { Sampling = kind == "samples" ? Runs.Warm : new SamplingOptions() };
        return kind switch
        {
            "beams" => new BeamSearch(engine, request, new BeamSearchOptions { NumReturnSequences = 4 }),
            "groups" => new BeamSearch(engine, request, new BeamSearchOptions { NumBeamGroups = 2, DiversityPenalty = 1, NumReturnSequences = 4 }),
            _ => new BestOfN(engine, request, new BestOfOptions { Count = 4, NumReturnSequences = 4 }),
        };
    }
}
