using LmPlayground.Generation.Engine;
using LmPlayground.Generation.PrefixCache;
using LmPlayground.Generation.Tests.Support;

namespace LmPlayground.Generation.Tests;

public class PrefixCacheTests
{
    private static readonly GenerationOptions Chunks = new() { PromptChunk = 4 };

    [Fact]
    public void A_prompt_is_read_in_chunks_that_never_leave_one_token_over_and_generated_tokens_one_by_one()
    {
        Assert.Equal([1], SequencePlan.For([7], [], 4).Ends);
        Assert.Equal([4], SequencePlan.For([1, 2, 3, 4], [], 4).Ends);
        Assert.Equal([5], SequencePlan.For([1, 2, 3, 4, 5], [], 4).Ends);
        Assert.Equal([4, 6], SequencePlan.For([1, 2, 3, 4, 5, 6], [], 4).Ends);
        Assert.Equal([4, 9], SequencePlan.For([1, 2, 3, 4, 5, 6, 7, 8, 9], [], 4).Ends);
        Assert.Equal([3, 4, 5], SequencePlan.For([1, 2, 3], [4, 5], 4).Ends);
    }

    [Fact]
    public async Task The_cache_changes_nothing_of_what_is_generated()
    {
        // The fake's logits depend on the pieces in which it read: any shortcut that is not exact gives other tokens.
        var model = new FakeModel();
        var random = new Random(4);
        using var cached = new GenerationEngine(Chunks);
        for (var round = 0; round < 60; round++)
        {
            var prompt = new string('a', random.Next(1, 14)) + new string('b', random.Next(0, 5));
            var request = Runs.Request(model, prompt, tokens: random.Next(1, 6), seed: (ulong)random.Next(2));
            using var fresh = new GenerationEngine(Chunks);
            Assert.Equal(await Runs.IdsOf(fresh, request), await Runs.IdsOf(cached, request));
        }
    }

    [Fact]
    public async Task The_same_prompt_again_needs_no_forward_pass_to_its_first_token()
    {
        var model = new FakeModel();
        using var engine = new GenerationEngine(Chunks);
        var prompt = new string('x', 30);
        await Runs.IdsOf(engine, Runs.Request(model, prompt, tokens: 5));
        var before = model.Forwards;
        var run = engine.Generate(Runs.Request(model, prompt, tokens: 1, seed: 77));
        await run.ToEnd();
        Assert.Equal(0, model.Forwards - before);
        Assert.Equal(30, run.Summary!.CachedTokens);
    }

    [Fact]
    public async Task A_changed_end_keeps_the_whole_chunks_before_it()
    {
        var model = new FakeModel();
        using var engine = new GenerationEngine(Chunks);
        await Runs.IdsOf(engine, Runs.Request(model, "abcdefghijklmnop"));
        var run = engine.Generate(Runs.Request(model, "abcdefghijXXXX"));
        await run.ToEnd();
        Assert.Equal(8, run.Summary!.CachedTokens);
    }

    [Fact]
    public async Task A_recurrent_state_goes_back_to_a_snapshot_and_reads_on_from_there()
    {
        var model = new FakeModel { SnapshotEvery = 8 };
        using var engine = new GenerationEngine(Chunks);
        var request = Runs.Request(model, "abcdefghijklmn");
        var first = await Runs.IdsOf(engine, request);
        var run = engine.Generate(request);
        Assert.Equal(first, [.. (await run.ToEnd()).Select(step => step.Id)]);
        Assert.Equal(8, run.Summary!.CachedTokens);
    }

    [Fact]
    public async Task Another_model_never_gets_a_models_sequence()
    {
        using var engine = new GenerationEngine(Chunks);
        await Runs.IdsOf(engine, Runs.Request(new FakeModel(), "abcdefgh"));
        var run = engine.Generate(Runs.Request(new FakeModel(), "abcdefgh"));
        await run.ToEnd();
        Assert.Equal(0, run.Summary!.CachedTokens);
    }
}
