using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Tests;

public class StoppingTests
{
    [Fact]
    public async Task A_stop_string_over_several_tokens_cuts_the_text_before_it()
    {
        var (steps, run) = await Say("one\n\ntwo", new StoppingOptions { StopStrings = ["\n\n"] });
        Assert.Equal("one", run.Summary!.Text);
        Assert.Equal(FinishReason.StopString, run.Summary.FinishReason);
        Assert.Equal(5, steps.Length);
        Assert.Equal("one", string.Concat(steps.Select(step => step.Released)));
        Assert.Equal("one\n\n", string.Concat(steps.Select(step => step.Text)));
        Assert.All(steps[..^1], step => Assert.Null(step.FinishReason));
    }

    [Fact]
    public async Task Text_that_only_might_have_been_a_stop_string_is_released_at_the_end()
    {
        var (steps, run) = await Say("abcab", new StoppingOptions { StopStrings = ["abx"], MaxNewTokens = 5 });
        Assert.Equal("abcab", run.Summary!.Text);
        Assert.Equal(["", "", "abc", "", "ab"], steps.Select(step => step.Released));
        Assert.Equal(FinishReason.Length, run.Summary.FinishReason);
    }

    [Fact]
    public async Task A_character_of_several_tokens_appears_once_and_whole()
    {
        var (steps, run) = await Say("é€😀", new StoppingOptions { MaxNewTokens = 9 });
        Assert.Equal(["", "é", "", "", "€", "", "", "", "😀"], steps.Select(step => step.Text));
        Assert.Equal("é€😀", run.Summary!.Text);
        Assert.Equal("<0xC3>", steps[0].Display);
    }

    [Fact]
    public async Task An_end_of_sequence_token_ends_the_run_unless_it_is_switched_off()
    {
        var model = new FakeModel(endOfSequence: ['c', 'd']) { Script = FakeModel.Say("abcde", 1) };
        using var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(model, "p"));
        Assert.Equal(3, (await run.ToEnd()).Length);
        Assert.Equal(FinishReason.EndOfSequence, run.Summary!.FinishReason);
        var request = Runs.Request(model, "p", tokens: 5);
        Assert.Equal(5, (await Runs.IdsOf(engine, request with { Stopping = request.Stopping with { StopAtEndOfSequence = false } })).Length);
    }

    [Fact]
    public async Task The_context_ends_the_run()
    {
        var model = new FakeModel(contextLength: 9);
        using var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(model, "12345", tokens: 50));
        Assert.Equal(4, (await run.ToEnd()).Length);
        Assert.Equal(FinishReason.ContextFull, run.Summary!.FinishReason);
    }

    [Theory]
    [InlineData(9, "shorten it by 1 token")]
    [InlineData(300_000, "shorten it by 299,992 token")]
    public async Task A_prompt_longer_than_the_context_is_an_error_that_says_by_how_much(int length, string words)
    {
        var model = new FakeModel(contextLength: 9);
        using var engine = new GenerationEngine();
        var error = await Assert.ThrowsAsync<PromptException>(() => engine.Generate(Runs.Request(model, new string('x', length))).ToEnd());
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, model.SessionsAlive);
    }

    [Fact]
    public async Task Ids_outside_the_vocabulary_and_an_empty_prompt_are_errors()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel());
        foreach (var ids in new int[][] { [256], [-1], [] })
            await Assert.ThrowsAsync<PromptException>(() => engine.Generate(request with { PromptIds = [.. ids] }).ToEnd());
        Assert.Throws<PromptException>(() => PromptEncoder.Encode(new FakeModel(), ""));
    }

    [Fact]
    public void A_prompt_begins_with_what_its_model_wants_in_front()
    {
        var model = new FakeModel();
        var card = model.Card with { PromptPrefixIds = [3], BeginningOfSequenceId = 4 };
        Assert.Equal([3, 'a'], PromptEncoder.Encode(new FakeModel { Card = card }, "a"));
        Assert.Equal([3], PromptEncoder.Encode(new FakeModel { Card = card }, ""));
        Assert.Equal([4], PromptEncoder.Encode(new FakeModel { Card = card with { PromptPrefixIds = [] } }, ""));
    }

    private static async Task<(System.Collections.Immutable.ImmutableArray<TokenStep> Steps, GenerationRun Run)> Say(
        string text, StoppingOptions stopping)
    {
        var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(new FakeModel { Script = FakeModel.Say(text, 1) }, "p") with { Stopping = stopping });
        return (await run.ToEnd(), run);
    }
}
