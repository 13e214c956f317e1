using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Benchmarks.Decode;

/// <summary>The engine as the page uses it: every stage traced, fifty candidates a token, logits kept.</summary>
internal sealed class EngineLoop(ILanguageModel model, ImmutableArray<int> prompt, int steps) : IAsyncDisposable
{
    private const int Candidates = 50;

    private readonly GenerationEngine _engine = new();
    private readonly TokenStep?[] _kept = new TokenStep?[steps + 1];
    private GenerationRun? _run;
    private IAsyncEnumerator<TokenStep>? _steps;
    private readonly GenerationRequest _request = new()
    {
        Model = model,
        PromptIds = prompt,
        Seed = 20,
        Sampling = new SamplingOptions().With(TemperatureStage.Temperature, 0.8).With(TopKStage.K, 40).With(TopPStage.P, 0.95),
        Stopping = new StoppingOptions { MaxNewTokens = steps + 1, StopAtEndOfSequence = false },
        TopCandidates = Candidates,
    };

    /// <summary>Begins anew: reads the prompt and generates the first token.</summary>
    internal async Task StartAsync()
    {
        await StopAsync();
        _run = _engine.Generate(_request);
        _steps = _run.GetAsyncEnumerator();
        await _steps.MoveNextAsync();
    }

    /// <summary>Generates <paramref name="count"/> more tokens.</summary>
    internal async Task AdvanceAsync(int count)
    {
        while (count-- > 0)
            await _steps!.MoveNextAsync();
    }

    /// <summary>
    /// Bytes a token that become garbage: all that any thread allocates while the steps are made, less what the steps themselves take,
    /// arrays, candidates and texts included. That is the difference of the heap after a full collection with and without them.
    /// </summary>
    internal async Task<(double Garbage, double Retained)> MeasureAllocationsAsync()
    {
        await StopAsync();
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

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _engine.Dispose();
    }

    private async Task StopAsync()
    {
        if (_steps is not null)
            await _steps.DisposeAsync();
        _run?.Dispose();
        (_steps, _run) = (null, null);
    }
}
