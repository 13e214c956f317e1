using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Masking;
using LmPlayground.Generation.Tests.Masking;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests;

/// <summary>Issue 12, A1: a tokenizer may know more ids than its model has logits; only a text that uses one is refused.</summary>
public sealed class TokensBeyondLogitsTests : IDisposable
{
    private readonly GenerationEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("see <image> here", "'<image>' (id 256)")]
    [InlineData("<audio>", "'<audio>' (id 300)")]
    public async Task A_prompt_with_such_a_token_is_refused_by_its_name(string prompt, string expected)
    {
        var model = LlamaLike.Model();
        var run = _engine.Generate(Request(model, prompt));
        Assert.Contains(expected, (await Assert.ThrowsAsync<PromptException>(() => Ids(run))).Message, StringComparison.Ordinal);
        var scoring = _engine.ScoreAsync(model, "a", prompt, TestContext.Current.CancellationToken);
        Assert.Contains(expected, (await Assert.ThrowsAsync<PromptException>(() => scoring)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("see image")]
    [InlineData("a<|im_end|>")]
    public async Task Any_other_prompt_runs(string prompt) => Assert.Equal(3, (await Ids(_engine.Generate(Request(LlamaLike.Model(), prompt)))).Count);

    [Fact]
    public void A_source_with_such_a_token_is_refused_by_its_name()
    {
        var fake = new FakeEncoderDecoder();
        FewLogits model = new(fake.Card with { VocabularySize = 100 }, fake.Tokenizer);
        Assert.Equal(2, PromptEncoder.EncodeSource(model, "ab").Length);
        Assert.Contains($"(id {(int)'z'})", Assert.Throws<PromptException>(() => PromptEncoder.EncodeSource(model, "abz")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_masked_text_with_such_a_token_is_refused_by_its_name()
    {
        FewMasked model = new();
        Assert.Equal(5, MaskedText.Read(model, "a_b").Ids.Length);
        Assert.Contains("'h'", Assert.Throws<PromptException>(() => MaskedText.Read(model, "a_h")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bias_or_a_word_of_such_a_token_changes_nothing()
    {
        var model = LlamaLike.Model();
        var plain = await Ids(_engine.Generate(Request(model, "a")));
        Assert.Equal(plain, await Ids(_engine.Generate(Request(model, "a", new SamplingOptions().With(BadWordsStage.Words, ["<image>"])))));
        Assert.Equal(plain, await Ids(_engine.Generate(Request(model, "a", new SamplingOptions().With(LogitBiasStage.Entries, ["<image>=100"])))));
    }

    private static GenerationRequest Request(ILanguageModel model, string prompt, SamplingOptions? sampling = null) => new()
    {
        Model = model,
        PromptIds = PromptEncoder.Encode(model, prompt),
        Sampling = sampling ?? new SamplingOptions(),
        Stopping = new StoppingOptions { MaxNewTokens = 3 },
        Seed = 5,
    };

    private static async Task<List<int>> Ids(GenerationRun run)
    {
        var ids = new List<int>();
        await foreach (var step in run.WithCancellation(TestContext.Current.CancellationToken))
            ids.Add(step.Id);
        return ids;
    }

    private sealed class FewLogits(ModelCard card, ModelTokenizer tokenizer) : IEncoderDecoderModel
    {
        public ModelCard Card => card;

        public ModelTokenizer Tokenizer => tokenizer;

        public ILanguageModel Encode(ReadOnlySpan<int> sourceIds, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class FewMasked : IMaskedModel
    {
        private readonly FakeMaskedModel _model = new();

        public ModelCard Card => _model.Card with { VocabularySize = FakeMaskedModel.Alphabet.IndexOf('h', StringComparison.Ordinal) };

        public ModelTokenizer Tokenizer => _model.Tokenizer;

        public int MaskId => _model.MaskId;

        public void Predict(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
