using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Scoring;

/// <summary>The probability of a given text: against the chain rule, whatever the pieces, and at the border between prompt and text.</summary>
public class ContinuationScoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [InlineData(true, 64)]
    [InlineData(false, 1)]
    public async Task The_bits_are_those_of_each_token_after_all_before_it(bool givesAllRows, int chunk)
    {
        var model = Scripted(givesAllRows);
        using var engine = new GenerationEngine(new GenerationOptions { PromptChunk = chunk });
        const string prompt = "Once upon", text = " a time, é€😀.";
        var score = await engine.ScoreAsync(model, prompt, text, Cancellation);
        var ids = System.Text.Encoding.UTF8.GetBytes(prompt + text).Select(value => (int)value).ToArray();
        Assert.Equal(ids[9..], score.Tokens.Select(token => token.Id));
        for (var i = 0; i < score.Tokens.Length; i++)
        {
            var logits = model.Script!(ids[..(9 + i)])!;
            var total = logits.Sum(logit => Math.Exp(logit));
            Assert.Equal(-Math.Log2(Math.Exp(logits[ids[9 + i]]) / total), score.Tokens[i].Surprisal, 1e-6);
            Assert.Equal(1 + logits.Count(logit => logit > logits[ids[9 + i]]), score.Tokens[i].Rank);
        }

        // Three of the characters are two, three and four bytes.
        Assert.Equal((text, 0, 9, 13), (score.Text, score.FromPrompt, score.ContextTokens, score.Characters));
        Assert.Equal(score.Tokens.Sum(token => token.Surprisal), score.TotalBits, 1e-9);
        Assert.Equal(score.TotalBits / 13, score.BitsPerCharacter, 1e-12);
        Assert.Equal(score.TotalBits / 19, score.BitsPerToken, 1e-12);
    }

    [Fact]
    public async Task The_bits_of_a_text_are_the_sum_of_those_of_its_parts()
    {
        var model = Scripted(givesAllRows: true);
        using var engine = new GenerationEngine(new GenerationOptions { PromptChunk = 4 });
        var whole = await engine.ScoreAsync(model, "a", "bcdefghijklmnop", Cancellation);
        var head = await engine.ScoreAsync(model, "a", "bcdefg", Cancellation);
        var tail = await engine.ScoreAsync(model, "abcdefg", "hijklmnop", Cancellation);
        Assert.Equal(whole.TotalBits, head.TotalBits + tail.TotalBits, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task The_prefix_cache_changes_no_bit_and_saves_the_prompt(int snapshotEvery)
    {
        // Its logits depend on the pieces: a cache that is not exact shows.
        var model = new FakeModel { GivesAllRows = true, SnapshotEvery = snapshotEvery };
        var options = new GenerationOptions { PromptChunk = 4 };
        const string prompt = "0123456789abcdef", text = "a text of several pieces";
        using var cold = new GenerationEngine(options);
        var expected = await cold.ScoreAsync(model, prompt, text, Cancellation);
        using var warm = new GenerationEngine(options);
        await Runs.IdsOf(warm, Runs.Request(model, prompt));
        await warm.ScoreAsync(model, prompt, "another text", Cancellation);
        var before = model.Forwards;
        var score = await warm.ScoreAsync(model, prompt, text, Cancellation);
        Assert.Equal(expected.Tokens, score.Tokens);
        Assert.Equal(before + 6, model.Forwards);

        // And a run after it is as it always was.
        Assert.Equal(await Runs.IdsOf(cold, Runs.Request(model, prompt)), await Runs.IdsOf(warm, Runs.Request(model, prompt)));
    }

    [Fact]
    public async Task A_model_without_rows_inside_a_piece_is_read_token_by_token()
    {
        var model = new FakeModel
        {
            Script = history => [.. Enumerable.Range(0, 256).Select(id => id < 128 ? (float)(3 * Math.Sin(id * 7 + history.Sum())) : float.NegativeInfinity)],
        };
        using var engine = new GenerationEngine();
        using var run = engine.Generate(Runs.Request(model, tokens: 12));
        var steps = await run.ToEnd(Cancellation);
        var exact = await engine.ScoreAsync(model, "Once", run.Summary!.Text, Cancellation);
        Assert.Equal(steps.Select(step => (step.Id, step.Surprisal, step.Rank)), exact.Tokens.Select(token => (token.Id, token.Surprisal, token.Rank)));
        var score = await engine.ScoreAsync(model, "Once", " upon a time", Cancellation);
        Assert.Equal(12, score.Tokens.Length);
        Assert.Equal(1, model.SessionsAlive);
    }

    [Fact]
    public async Task What_the_model_rules_out_costs_infinitely_many_bits()
    {
        var model = new FakeModel { Script = _ => [.. Enumerable.Range(0, 256).Select(id => id == 'x' ? float.NegativeInfinity : 0f)] };
        using var engine = new GenerationEngine();
        var score = await engine.ScoreAsync(model, "a", "bxc", Cancellation);
        Assert.Equal([false, true, false], score.Tokens.Select(token => double.IsPositiveInfinity(token.Surprisal)));
        Assert.Equal(double.PositiveInfinity, score.BitsPerCharacter);
        Assert.Equal(Math.Log2(255), score.Tokens[0].Surprisal, 1e-9);
    }

    [Fact]
    public async Task An_empty_prompt_needs_a_token_to_begin_with()
    {
        using var engine = new GenerationEngine();
        var model = Scripted(givesAllRows: true);
        var error = await Assert.ThrowsAsync<PromptException>(() => engine.ScoreAsync(model, "", "text", Cancellation));
        Assert.Contains("Fake has no token to begin a text with", error.Message, StringComparison.Ordinal);
        var beginning = new FakeModel { Card = model.Card with { BeginningOfSequenceId = 7 }, Script = model.Script, GivesAllRows = true };
        var score = await engine.ScoreAsync(beginning, "", "text", Cancellation);
        Assert.Equal((4, 1), (score.Tokens.Length, score.ContextTokens));
        var prefixed = new FakeModel { Card = model.Card with { PromptPrefixIds = [7, 8], BeginningOfSequenceId = 7 }, Script = model.Script, GivesAllRows = true };
        Assert.Equal(2, (await engine.ScoreAsync(prefixed, "", "text", Cancellation)).ContextTokens);
        await Assert.ThrowsAsync<PromptException>(() => engine.ScoreAsync(model, "prompt", "", Cancellation));
    }

    [Fact]
    public async Task A_text_longer_than_the_context_is_an_error_that_says_by_how_much()
    {
        var model = new FakeModel(contextLength: 10);
        using var engine = new GenerationEngine();

        // The last token is scored and need not be read.
        Assert.Equal(7, (await engine.ScoreAsync(model, "1234", "5678901", Cancellation)).Tokens.Length);
        var error = await Assert.ThrowsAsync<PromptException>(() => engine.ScoreAsync(model, "1234", "567890123", Cancellation));
        Assert.Contains("13 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("shorten them by 2 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_and_failing_leave_no_session_but_what_works_on()
    {
        var model = new FakeModel { GivesAllRows = true };
        using var engine = new GenerationEngine(new GenerationOptions { PromptChunk = 4 });
        using var cancel = new CancellationTokenSource();
        var passes = 0;
        model.OnForward = (_, token) =>
        {
            if (++passes == 3)
                cancel.Cancel();
            token.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.ScoreAsync(model, "prompt", "a long text to score", cancel.Token));
        Assert.Equal(1, model.SessionsAlive);
        model.OnForward = (_, _) => throw new ModelRunException("broken");
        await Assert.ThrowsAsync<ModelRunException>(() => engine.ScoreAsync(model, "prompt", "a long text to score", Cancellation));
        Assert.Equal(0, model.SessionsAlive);
        var blind = new FakeModel { Script = _ => [.. Enumerable.Repeat(float.NaN, 256)] };
        await Assert.ThrowsAsync<InvalidLogitsException>(() => engine.ScoreAsync(blind, "a", "b", Cancellation));
        Assert.Equal(0, blind.SessionsAlive);
    }

    private static FakeModel Scripted(bool givesAllRows) => new()
    {
        GivesAllRows = givesAllRows,
        Script = history => [.. Enumerable.Range(0, 256).Select(id => (float)(3 * Math.Sin(id * 7 + history.Sum() + history.Count)))],
    };
}
