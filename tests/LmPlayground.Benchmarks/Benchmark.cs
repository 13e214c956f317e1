using System.Collections.Immutable;
using LmPlayground.Benchmarks.Batch;
using LmPlayground.Benchmarks.Compare;
using LmPlayground.Benchmarks.Decode;
using LmPlayground.Benchmarks.Demos;
using LmPlayground.Benchmarks.Memory;
using LmPlayground.Benchmarks.Prefill;
using LmPlayground.Benchmarks.Spin;

namespace LmPlayground.Benchmarks;

/// <summary>One thing that is measured.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Summary">What it measures, in one line.</param>
/// <param name="Run">Measures, and prints a table and a line that begins with RESULT.</param>
internal sealed record Benchmark(string Name, string Summary, Func<BenchmarkContext, Task> Run)
{
    /// <summary>Every benchmark, in the order of the list.</summary>
    internal static ImmutableArray<Benchmark> All { get; } =
    [
        new("decode", "Tokens a second of the engine against a bare ONNX Runtime loop; bytes allocated a token.", DecodeBenchmark.RunAsync),
        new("prefill", "Time to the first token by length of the prompt, with and without a cached prefix; sizes of prompt chunks.", PrefillBenchmark.RunAsync),
        new("memory", "Resident memory of 1 and of 8 sessions at the same time.", MemoryBenchmark.RunAsync),
        new("sampling", "Microseconds a token of the sampler by size of the vocabulary, one thread, traces on.", RunSampling),
        new("compare", "Columns that agree, and columns that part, against as many lone runs; a million draws against the theory.", CompareBenchmark.RunAsync),
        new("batch", "One token in 2, 4 and 8 sequences at once against as many lone steps, in turns.", BatchBenchmark.RunAsync),
        new("spin", "Threads that spin inside a run against threads that sleep: one run, and two at the same time, in turns.", SpinBenchmark.RunAsync),
        new("demos", "Opening a shared demo and its picture: the very first time, the first time, as it was rendered, and 200 requests/s beside a run.", DemosBenchmark.RunAsync),
        new("ngram", "Counting n-gram models, their bits a token on held-out text, and the time of a step.", RunNGram),
        new("tokenize", "Megabytes of English text a second that one thread splits into tokens.", RunTokenize),
    ];

    private static Task RunNGram(BenchmarkContext context)
    {
        NGram.NGramBenchmark.Run(context.Output);
        return Task.CompletedTask;
    }

    private static Task RunTokenize(BenchmarkContext context)
    {
        Tokenize.TokenizeBenchmark.Run(context);
        return Task.CompletedTask;
    }

    private static Task RunSampling(BenchmarkContext context)
    {
        Sampling.SamplingBenchmark.Run(context.Output);
        return Task.CompletedTask;
    }
}

/// <summary>A benchmark that cannot be run as asked. The message says why and what to do.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
