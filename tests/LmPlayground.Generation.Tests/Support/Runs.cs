using System.Collections.Immutable;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Tests.Support;

public static class Runs
{
    public static readonly SamplingOptions Warm = new SamplingOptions()
        .With(TemperatureStage.Temperature, 1.2).With(TopKStage.K, 40).With(TopPStage.P, 0.9);

    public static GenerationRequest Request(ILanguageModel model, string prompt = "Once", int tokens = 10, ulong seed = 5) => new()
    {
        Model = model,
        PromptIds = PromptEncoder.Encode(model, prompt),
        Sampling = Warm,
        Stopping = new StoppingOptions { MaxNewTokens = tokens },
        Seed = seed,
        TopCandidates = 10,
    };

    public static async Task<ImmutableArray<TokenStep>> ToEnd(this GenerationRun run, CancellationToken cancellationToken = default)
    {
        var steps = ImmutableArray.CreateBuilder<TokenStep>();
        await foreach (var step in run.WithCancellation(cancellationToken))
            steps.Add(step);
        return steps.ToImmutable();
    }

    public static async Task<ImmutableArray<int>> IdsOf(GenerationEngine engine, GenerationRequest request)
    {
        using var run = engine.Generate(request);
        return [.. (await run.ToEnd()).Select(step => step.Id)];
    }
}
