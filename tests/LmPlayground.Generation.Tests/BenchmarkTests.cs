using System.Globalization;
using LmPlayground.Benchmarks;

namespace LmPlayground.Generation.Tests;

/// <summary>The benchmark commands run; how fast anything is depends on the machine and is no test.</summary>
public sealed class BenchmarkTests
{
    private const string Small = "--rounds 1 --tokens 3";

    /// <summary>The benchmarks that load a model and the settings above.</summary>
    public static TheoryData<string> ModelBenchmarks => ["decode", "prefill", "memory", "compare", "batch", "spin"];

    [Theory]
    [MemberData(nameof(ModelBenchmarks))]
    public async Task A_benchmark_ends_in_one_line_of_finite_results(string name)
    {
        var (exitCode, output, error) = await Run($"{name} {Small}");

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        AssertResult(output);
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("feedforward")]
    public async Task Decoding_is_compared_for_models_without_a_key_value_cache_too(string model)
    {
        var (exitCode, output, error) = await Run($"decode {Small} --model {model}");

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        AssertResult(output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("list")]
    public async Task No_name_and_list_name_every_benchmark(string arguments)
    {
        var (exitCode, output, _) = await Run(arguments);

        Assert.Equal(0, exitCode);
        Assert.Equal(Benchmark.All.Select(benchmark => benchmark.Name), output.Trim().Split('\n').Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData("speed", "speed")]
    [InlineData("decode --rounds 0", "--rounds")]
    [InlineData("decode --colour", "--colour")]
    [InlineData("decode --model no-such-model", "no-such-model")]
    [InlineData("decode --tokens 512", "--tokens")]
    [InlineData("prefill --tokens 512", "--tokens")]
    [InlineData("memory --tokens 512", "--tokens")]
    [InlineData("compare --tokens 512", "--tokens")]
    [InlineData("batch --tokens 512", "--tokens")]
    public async Task Wrong_input_is_one_line_that_names_it_and_exit_code_2(string arguments, string named)
    {
        var (exitCode, _, error) = await Run(arguments);

        Assert.Equal(2, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(string arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await BenchmarkCommand.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static void AssertResult(string output)
    {
        var last = output.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("RESULT ", last, StringComparison.Ordinal);
        Assert.All(last.Split(' ')[1..], pair =>
        {
            Assert.Matches("^[a-z0-9_]+=", pair);
            Assert.True(double.IsFinite(double.Parse(pair[(pair.IndexOf('=') + 1)..], CultureInfo.InvariantCulture)), pair);
        });
    }
}
