using LmPlayground.Models;
using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;

namespace LmPlayground.Benchmarks;

/// <summary>What a benchmark is run with.</summary>
internal sealed record BenchmarkContext
{
    /// <summary>Where the table and the result go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>The folder of a model, or the id of an embedded one.</summary>
    public required string Model { get; init; }

    /// <summary>How often each thing is measured; null leaves it to the benchmark.</summary>
    public int? Rounds { get; init; }

    /// <summary>How many tokens are generated in a round; null leaves it to the benchmark.</summary>
    public int? Tokens { get; init; }

    /// <summary>Threads that ONNX Runtime uses in one run; 0 for one on each physical core.</summary>
    public int Threads { get; init; }

    /// <summary>Stops between rounds.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Opens the embedded models and what <see cref="Model"/> names.</summary>
    /// <param name="spinInRuns">As <see cref="ModelCatalogOptions.SpinInRuns"/>.</param>
    public ModelCatalog OpenCatalog(bool spinInRuns = false) =>
        new(new ModelCatalogOptions { EmbeddedDirectory = TestFiles.EmbeddedModels, IntraOpThreads = Threads, SpinInRuns = spinInRuns });

    /// <summary>Loads <see cref="Model"/> and says which it is.</summary>
    /// <exception cref="ModelLoadException">There is no such model, or it cannot be loaded.</exception>
    public async Task<ILanguageModel> LoadAsync(ModelCatalog catalog)
    {
        var model = (await catalog.LoadAsync(Model, CancellationToken)).AsLanguageModel();
        await Output.WriteLineAsync($"{model.Card.Id}: {model.Card.Kind}, vocabulary {model.Card.VocabularySize}, context {model.Card.ContextLength?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unlimited"}, .NET {Environment.Version}, {Environment.ProcessorCount} processors");
        await Output.WriteLineAsync();
        return model;
    }
}
