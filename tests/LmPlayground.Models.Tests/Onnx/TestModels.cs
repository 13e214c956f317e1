using LmPlayground.Models.Onnx;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Where the models for tests lie: those of the repository, and those of the shared folder where it exists.</summary>
internal static class TestModels
{
    public static readonly string[] ZooDecoders =
    [
        "bloom", "falcon", "gemma", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "llama", "llama3", "mistral", "opt", "phi", "qwen2", "qwen3", "stablelm",
    ];

    public static readonly string[] EmbeddedNames = ["transformer", "instruct", "lstm", "characters", "feedforward"];

    public static string Repository { get; } = FindRepository();

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string Embedded(string name)
    {
        return Path.Combine(Repository, "wwwroot-assets", "models", name);
    }

    public static string Zoo(string name)
    {
        return Shared("zoo", name);
    }

    public static string SmolLm2()
    {
        return Shared("SmolLM2-135M-Instruct");
    }

    public static OnnxDecoder Load(string directory, OnnxLoadOptions? options = null)
    {
        return OnnxModelLoader.Load(directory, options ?? new OnnxLoadOptions { IntraOpThreads = 2 }, Cancellation);
    }

    /// <summary>Loads an embedded model, one of the zoo, or SmolLM2, by its name.</summary>
    public static OnnxDecoder LoadNamed(string name)
    {
        return Load(name == "SmolLM2" ? SmolLm2() : EmbeddedNames.Contains(name) ? Embedded(name) : Zoo(name));
    }

    /// <summary>Token ids that depend on nothing but their place.</summary>
    public static int[] Tokens(OnnxDecoder decoder, int count, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(decoder.VocabularySize))];
    }

    private static string Shared(params string[] path)
    {
        string folder = Path.Combine([Repository, "..", "shared", "models", .. path]);
        Assert.SkipUnless(Directory.Exists(folder), $"The shared folder with this model is not here: ../shared/models/{string.Join('/', path)}");
        return Path.GetFullPath(folder);
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("LmPlayground.sln is in no folder above the tests.");
    }
}
