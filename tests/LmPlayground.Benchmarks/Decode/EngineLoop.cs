using System.Collections.Immutable;
using System.Diagnostics;
using LmPlayground.Generation;
using LmPlayground.Models;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>The engine as the page uses it: every stage traced, fifty candidates a token, logits kept.</summary>
internal sealed class EngineLoop(ILanguageModel model, ImmutableArray<int> prompt, int steps) : IDisposable
{
    private const int Candidates = 50;

    private readonly GenerationEngine _engine = new();
    private readonly TokenStep?[] _kept = new TokenStep?[steps + 1];
    private readonly GenerationRequest _request = new()
    {
        Model = model,
        PromptIds = prompt,
        Seed = 20,
        Sampling = new SamplingOptions().With(TemperatureStage.Temperature, 0.8).With(TopKStage.K, 40).With(TopPStage.P, 0.95),
        Stopping = new StoppingOptions { MaxNewTokens = steps + 1, StopAtEndOfSequence = false },
        TopCandidates = Candidates,
    };

    /// <summary>Generates a token and then <c>steps</c> more; returns the seconds that those took.</summary>
    internal async Task<double> RunAsync()
    {
        using var run = _engine.Generate(_request);
        long started = 0;
        await foreach (var _ in run)
        {
            if (started == 0)
                started = Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>
    /// Bytes a token that become garbage: all that any thread allocates while the steps are made, less what the steps themselves take,
    /// arrays, candidates and texts included. That is the difference of the heap after a full collection with and without them.
    /// </summary>
    internal async Task<(double Garbage, double Retained)> MeasureAllocationsAsync()
    {
        long first = 0;
        var count = 0;
        using var run = _engine.Generate(_request);
        await foreach (var step in run)
        {
            if (count == 0)
                first = GC.GetTotalAllocatedBytes(precise: true);
            else
                _kept[count] = step;
            count++;
        }

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - first;
        var with = GC.GetTotalMemory(forceFullCollection: true);
        Array.Clear(_kept);
        var retained = with - GC.GetTotalMemory(forceFullCollection: true);
        return ((double)(allocated - retained) / (count - 1), (double)retained / (count - 1));
    }

    public void Dispose() => _engine.Dispose();
}
