using System.Diagnostics;
using System.Globalization;
using LmPlayground.Sampling;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Benchmarks.Sampling;

/// <summary>
/// What a token's sampling costs, traces on, on one thread: the default chain on logits as models give them, and top-p alone on a
/// flat distribution, beside a plain LINQ version of the same chain.
/// </summary>
public static class SamplingBenchmark
{
    private const int HistoryLength = 256;
    private const int PromptLength = 64;
    private const ulong Seed = 7;

    private static readonly SamplingOptions DefaultChain = new SamplingOptions()
        .With(RepetitionPenaltyStage.Penalty, LinqSampler.RepetitionPenalty)
        .With(PresencePenaltyStage.Penalty, LinqSampler.PresencePenalty).With(FrequencyPenaltyStage.Penalty, LinqSampler.FrequencyPenalty)
        .With(TemperatureStage.Temperature, LinqSampler.Temperature)
        .With(TopKStage.K, LinqSampler.TopK).With(TopPStage.P, LinqSampler.TopP).With(MinPStage.P, LinqSampler.MinP);

    private static readonly SamplingOptions TopPAlone = new SamplingOptions().With(TopPStage.P, 0.9);

    /// <summary>Measures and prints a table, then the RESULT line.</summary>
    public static void Run(TextWriter output)
    {
        output.WriteLine("Median microseconds a token, one thread, traces on. The draw is its own column: it follows every chain.");
        output.WriteLine("| V | default chain | + draw | LINQ | ratio | top-p 0.9 flat | + draw | top-p 0.9 realistic | bytes a token |");
        output.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        double chain152 = 0, flat152 = 0, ratio152 = 0;
        foreach (var size in new[] { 4_096, 50_257, 151_936, 262_144 })
        {
            var history = History(size);
            float[][] realistic = [.. Enumerable.Range(0, 4).Select(seed => Realistic(size, seed))];
            float[][] flat = [.. Enumerable.Range(0, 4).Select(seed => Normal(size, 0.1, seed))];
            var (chain, chainDraw, bytes) = MeasureChain(DefaultChain, realistic, history);
            var linq = Median(8, round => LinqSampler.Sample(realistic[round % 4], history, PromptLength, 0.5));
            var (topP, topPDraw, _) = MeasureChain(TopPAlone, flat, history);
            var (peaked, _, _) = MeasureChain(TopPAlone, realistic, history);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size:N0} | {chain:F1} | {chainDraw:F1} | {linq:F0} | {linq / chainDraw:F0} | {topP:F1} | {topPDraw:F1} | {peaked:F1} | {bytes} |"));
            if (size == 151_936)
                (chain152, flat152, ratio152) = (chain, topP, linq / chainDraw);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"RESULT sampling_chain_152k_us={chain152:F1} sampling_topp_flat_152k_us={flat152:F1} sampling_linq_ratio_152k={ratio152:F0}"));
    }

    private static (double Chain, double ChainAndDraw, long Bytes) MeasureChain(SamplingOptions options, float[][] logits, int[] history)
    {
        var chain = new SamplerChain(options);
        var rounds = Math.Clamp(20_000_000 / logits[0].Length, 200, 4000);
        var alone = Median(rounds, round => chain.Run(logits[round % 4], new SamplingContext(history, PromptLength, Seed)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        chain.Run(logits[0], new SamplingContext(history, PromptLength, Seed));
        TokenSampler.Draw(chain.Candidates, Seed, 0);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        var withDraw = Median(rounds, round =>
        {
            chain.Run(logits[round % 4], new SamplingContext(history, PromptLength, Seed));
            TokenSampler.Draw(chain.Candidates, Seed, round);
        });
        return (alone, withDraw, bytes);
    }

    private static double Median(int rounds, Action<int> action)
    {
        // Warm up until the methods are compiled for good.
        for (var round = 0; round < Math.Min(rounds, 300); round++)
            action(round);
        var times = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            action(round);
            times[round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        return times[rounds / 2];
    }

    /// <summary>Logits of a sure model: normal, deviation 3, and a few tokens far above.</summary>
    private static float[] Realistic(int size, int seed)
    {
        var logits = Normal(size, 3, seed);
        var random = new Random(seed);
        for (var peak = 0; peak < 6; peak++)
            logits[random.Next(size)] = 20 - 1.3f * peak;
        return logits;
    }

    private static float[] Normal(int size, double deviation, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, size).Select(_ => (float)(deviation
            * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    /// <summary>Tokens as texts have them: few often, many rarely.</summary>
    private static int[] History(int size)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, HistoryLength).Select(_ => (int)Math.Min(size - 1, Math.Exp(random.NextDouble() * Math.Log(size))))];
    }
}
