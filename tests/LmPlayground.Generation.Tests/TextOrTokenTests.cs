using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Steps;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Tests;

/// <summary>Issue 12, A2: whether a text is one token is decided before spaces are added or special tokens skipped.</summary>
public sealed class TextOrTokenTests : IDisposable
{
    private readonly GenerationEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("<|im_end|>", LlamaLike.End)]
    [InlineData("<call>", LlamaLike.Call)]
    [InlineData("7", '7' - '!')]
    public void A_bias_on_a_text_that_is_one_token_is_on_that_token_alone(string text, int id)
    {
        // Every other token has the same logit: with a bias down, the space and all others stay as likely as before.
        FakeModel model = new() { Tokenizer = LlamaLike.Tokenizer(), Script = _ => new float[FakeModel.VocabularySize] };
        Assert.Equal([id], Changed(model, new SamplingOptions().With(LogitBiasStage.Entries, [$"{text}=-50"])));
        Assert.Equal([id], Changed(model, new SamplingOptions().With(BadWordsStage.Words, [text])));
        Assert.Equal(
            Enumerable.Range(0, FakeModel.VocabularySize).Where(other => other != id),
            Changed(model, new SamplingOptions().With(AllowedWordsStage.Words, [text])));
    }

    [Fact]
    public void A_spaced_text_that_is_one_token_too_is_named_with_it()
    {
        FakeModel model = new() { Tokenizer = LlamaLike.Tokenizer(joinsSeven: true) };
        ModelVocabulary vocabulary = new(model, new StoppingOptions());
        Assert.Equal(['7' - '!'], vocabulary.Encode("7"));
        Assert.Equal([96], vocabulary.Encode(" 7"));
        Assert.Equal([94], vocabulary.Encode("\n"));
        Assert.Equal(['a' - '!', LlamaLike.End], vocabulary.Encode("a<|im_end|>"));
    }

    [Theory]
    [InlineData(false, "ab", 2)]
    [InlineData(true, "ab<|im_end|>", 12)]
    public async Task A_stop_string_that_is_a_special_token_stops(bool keeps, string expected, int cut)
    {
        var run = _engine.Generate(Request(Says('a', 'b', LlamaLike.End, 'c'), "<|im_end|>", keeps));
        await foreach (var _ in run.WithCancellation(TestContext.Current.CancellationToken))
            continue;
        Assert.Equal(expected, run.Summary!.Text);
        Assert.Equal(FinishReason.StopString, run.Summary.FinishReason);
        Assert.Equal(3, run.Summary.NewTokens);
        Assert.Equal((cut, "<|im_end|>"), (run.Summary.Stop!.TextOffset, run.Summary.Stop.StopString));
    }

    [Fact]
    public async Task What_may_begin_another_stop_string_is_shown_when_a_special_token_stops()
    {
        var run = _engine.Generate(Request(Says('a', 'b', LlamaLike.End), "abc", false, "<|im_end|>"));
        await foreach (var _ in run.WithCancellation(TestContext.Current.CancellationToken))
            continue;
        Assert.Equal("ab", run.Summary!.Text);
    }

    [Theory]
    [InlineData(false, "ab")]
    [InlineData(true, "ab<|im_end|>")]
    public async Task A_beam_stops_there_too(bool keeps, string expected)
    {
        var request = Request(Says('a', 'b', LlamaLike.End, 'c'), "<|im_end|>", keeps);
        var found = await new BeamSearch(_engine, request, new BeamSearchOptions { NumBeams = 2 }).LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected, found.Returned[0].Text);
    }

    public static TheoryData<string, string, string, string?> Mixed { get; } = new()
    {
        // What the model says, the stop string, the text, and the stop string that was found.
        { "ab~<E>", "b<|im_end|>", "a", "b<|im_end|>" },
        { "ab~<E>~\n", "<|im_end|>\n", "ab", "<|im_end|>\n" },
        { "ab~<E>~\n", "b<|im_end|>\n", "a", "b<|im_end|>\n" },
        { "a~<E>~b~<E>~c", "<|im_end|>b<|im_end|>", "a", "<|im_end|>b<|im_end|>" },
        { "a~<E>~<E>~c", "<|im_end|><|im_end|>", "a", "<|im_end|><|im_end|>" },
        { "b~<E>~cb", "cb", "b", "cb" },
        { "b~<E>~c", "bc", "", "bc" },
        { "a~<E>~x", "b<|im_end|>", "ax", null },
        { "b~<E>~x", "<|im_end|>b", "bx", null },
        { "b~<E>~x", "b<|im_", "bx", null },
        { "a<|im_end|>b", "a<|im_end|>", "", "a<|im_end|>" },
    };

    [Theory]
    [MemberData(nameof(Mixed))]
    public async Task A_stop_string_of_text_and_special_tokens_stops_where_its_tokens_have_come(string says, string stop, string text, string? found)
    {
        foreach (var (model, end) in new[] { (LlamaLike.Model(), LlamaLike.End), (ByteLevel(), 255) })
        {
            int[] tokens = [.. says.Split('~').SelectMany(part => part == "<E>" ? [end] : Spelled(part))];
            foreach (var keeps in new[] { false, true })
            {
                var request = Request(Says(model.Tokenizer, tokens), stop, keeps);
                request = request with { Stopping = request.Stopping with { MaxNewTokens = tokens.Length } };
                var run = _engine.Generate(request);
                await foreach (var _ in run.WithCancellation(TestContext.Current.CancellationToken))
                    continue;
                var expected = keeps && found is not null ? text + found : text;
                Assert.Equal((expected, found), (run.Summary!.Text, run.Summary.Stop?.StopString));
                Assert.Equal(found is null ? null : expected.Length, run.Summary.Stop?.TextOffset);
                var beams = await new BeamSearch(_engine, request, new BeamSearchOptions { NumBeams = 1 }).LastAsync(TestContext.Current.CancellationToken);
                Assert.Equal(expected, beams.Returned[0].Text);
            }

            int[] Spelled(string part) => [.. part.Select(character => model.Tokenizer.IdOf(character == '\n' ? end == 255 ? "Ċ" : "<0x0A>" : character.ToString())!.Value)];
        }
    }

    [Theory]
    [InlineData("b<|im_end|>")]
    [InlineData("<|im_end|>c")]
    public async Task A_mixed_stop_string_within_the_minimum_counts_for_nothing(string stop)
    {
        var request = Request(Says('b', LlamaLike.End, 'c', 'b', LlamaLike.End, 'c'), stop, false);
        var run = _engine.Generate(request with { Sampling = request.Sampling.With(MinNewTokensStage.Least, 3) });
        await foreach (var _ in run.WithCancellation(TestContext.Current.CancellationToken))
            continue;
        Assert.Equal(stop[0] == 'b' ? "bc" : "bcb", run.Summary!.Text);
    }

    /// <summary>A vocabulary of the bytes whose last one is the special token.</summary>
    private static FakeModel ByteLevel()
    {
        var vocabulary = new System.Text.Json.Nodes.JsonObject { ["Ċ"] = 0, ["Ġ"] = 1 };
        for (var character = '!'; character <= '~'; character++)
            vocabulary[character.ToString()] = character - '!' + 2;
        var json = new System.Text.Json.Nodes.JsonObject
        {
            ["added_tokens"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"id": 255, "content": "<|im_end|>", "special": true}]"""),
            ["pre_tokenizer"] = System.Text.Json.Nodes.JsonNode.Parse("""{"type": "ByteLevel", "add_prefix_space": false}"""),
            ["decoder"] = System.Text.Json.Nodes.JsonNode.Parse("""{"type": "ByteLevel"}"""),
            ["model"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new System.Text.Json.Nodes.JsonArray() },
        };
        return new() { Tokenizer = Tokenizers.Loading.TokenizerJson.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())) };
    }

    private static FakeModel Says(Tokenizers.ModelTokenizer tokenizer, int[] tokens)
    {
        var prompt = tokenizer.Encode("x").Count;
        return new()
        {
            Tokenizer = tokenizer,
            Script = history =>
            {
                var logits = new float[FakeModel.VocabularySize];
                logits[tokens[Math.Clamp(history.Count - prompt, 0, tokens.Length - 1)]] = 100;
                return logits;
            },
        };
    }

    private static FakeModel Says(params int[] tokens) => LlamaLike.Model(history =>
    {
        var logits = new float[FakeModel.VocabularySize];
        var next = tokens[Math.Min(history.Count - 2, tokens.Length - 1)];
        logits[next < 128 ? next - '!' : next] = 100;
        return logits;
    });

    private static GenerationRequest Request(ILanguageModel model, string stop, bool keeps, params string[] further) => new()
    {
        Model = model,
        PromptIds = PromptEncoder.Encode(model, "x"),
        Sampling = new SamplingOptions(),
        Stopping = new StoppingOptions { MaxNewTokens = 6, StopStrings = [stop, .. further], IncludeStopString = keeps },
        Seed = 5,
    };

    /// <summary>The tokens whose probability the settings make less.</summary>
    private static IEnumerable<int> Changed(FakeModel model, SamplingOptions sampling)
    {
        SamplerChain chain = new(sampling, new ModelVocabulary(model, new StoppingOptions()));
        chain.Run(new float[FakeModel.VocabularySize], new SamplingContext([1], 1, 5));
        return [.. Enumerable.Range(0, FakeModel.VocabularySize).Where(id => !chain.Candidates.Contains(id) || chain.Candidates.Logit(id) < 0)];
    }
}
