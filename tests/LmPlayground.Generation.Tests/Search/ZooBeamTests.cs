using System.Text.Json;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Tests.Search;

/// <summary>
/// Beam search against Hugging Face transformers in fifteen architectures: <c>beam4</c> is num_beams 4. The end token is forbidden here, as in
/// the greedy references; letting it end a beam gives the same sixty sequences, and going on after it does not (59). All are 24 tokens
/// long, so that length_penalty and early_stopping play no part: <see cref="TensorBeamSearchTests"/> is for those.
/// </summary>
public sealed class ZooBeamTests
{
    public static TheoryData<string> Names =>
    [
        "bloom", "falcon", "gemma", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "llama", "llama3", "mistral", "opt", "phi", "qwen2", "qwen3", "stablelm",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Beam_search_gives_token_by_token_what_transformers_gave(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var directory = TestFiles.Zoo(name);
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { directory } });
        var model = (await catalog.LoadAsync(directory, cancellation)).AsLanguageModel();
        using var engine = new GenerationEngine();
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(directory, "reference.json"), cancellation));
        foreach (var reference in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            int[] prompt = Integers(reference, "ids"), expected = Integers(reference, "beam4");
            var search = Search(engine, model, prompt, expected.Length - prompt.Length);
            var last = await search.LastAsync(cancellation);
            Assert.Equal(expected, prompt.Concat(last.Returned[0].Ids));
        }

        engine.Forget(model);
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("bart")]
    public async Task Beam_search_over_a_source_gives_token_by_token_what_transformers_gave(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var directory = TestFiles.Zoo(name);
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { directory } });
        var model = (await catalog.LoadAsync(directory, cancellation)).AsEncoderDecoder();
        using var engine = new GenerationEngine();
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(directory, "reference.json"), cancellation));
        foreach (var reference in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var source = PromptEncoder.EncodeSource(model, reference.GetProperty("prompt").GetString()!);
            Assert.Equal(Integers(reference, "ids"), source);
            var view = engine.Encode(model, source, cancellation);
            int[] prompt = [.. PromptEncoder.Encode(view, "")], expected = Integers(reference, "beam4");
            var last = await Search(engine, view, prompt, expected.Length - prompt.Length).LastAsync(cancellation);
            Assert.Equal(expected, prompt.Concat(last.Returned[0].Ids));
        }

        engine.Forget(model);
    }

    private static BeamSearch Search(GenerationEngine engine, ILanguageModel model, int[] prompt, int tokens)
    {
        var request = new GenerationRequest
        {
            Model = model,
            PromptIds = [.. prompt],
            Seed = 0,
            Sampling = new SamplingOptions().With(MinNewTokensStage.Least, tokens),
            Stopping = new StoppingOptions { MaxNewTokens = tokens },
        };
        return new BeamSearch(engine, request, new BeamSearchOptions { NumBeams = 4 });
    }

    private static int[] Integers(JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
