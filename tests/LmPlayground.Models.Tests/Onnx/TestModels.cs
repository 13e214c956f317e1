using LmPlayground.Models.Onnx;
using LmPlayground.Models.Onnx.Sessions;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Where the models for tests lie: those of the repository, and those of the shared folder where it exists.</summary>
internal static class TestModels
{
    public static readonly string[] ZooDecoders =
    [
        "bloom", "falcon", "gemma", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "llama", "llama3", "mistral", "opt", "phi", "qwen2", "qwen3", "stablelm",
    ];

    public static readonly string[] EmbeddedNames = ["transformer", "instruct", "lstm", "characters", "feedforward"];

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static OnnxDecoder Load(string directory, OnnxLoadOptions? options = null) => OnnxModelLoader.Load(directory, options ?? new OnnxLoadOptions { IntraOpThreads = 2 }, Cancellation);

    /// <summary>Loads an embedded model, one of the zoo, or SmolLM2, by its name.</summary>
    public static OnnxDecoder LoadNamed(string name) =>
        Load(name == "SmolLM2" ? SharedFiles.SmolLm2 : EmbeddedNames.Contains(name) ? TestFiles.Embedded(name) : TestFiles.Zoo(name));

    /// <summary>Token ids that depend on nothing but their place.</summary>
    public static int[] Tokens(OnnxDecoder decoder, int count, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(decoder.VocabularySize))];
    }
}
