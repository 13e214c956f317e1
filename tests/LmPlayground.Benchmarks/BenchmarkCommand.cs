using System.CommandLine;
using LmPlayground.Generation;
using LmPlayground.Tokenizers;

namespace LmPlayground.Benchmarks;

/// <summary>The command line: the name of a benchmark and what it is run with.</summary>
internal static class BenchmarkCommand
{
    private const int Success = 0;
    private const int WrongInput = 2;
    private const string ListName = "list";

    private static readonly Argument<string> Name = new("name")
    {
        Description = "The benchmark, or 'list' for all of them.",
        DefaultValueFactory = _ => ListName,
    };

    private static readonly Option<string> Model = new("--model")
    {
        Description = "The folder of a model, or the id of an embedded one.",
        DefaultValueFactory = _ => "transformer",
    };

    private static readonly Option<int?> Rounds = Count("--rounds", "How often each thing is measured; medians are printed.", 1);
    private static readonly Option<int?> Tokens = Count("--tokens", "How many tokens are generated in a round.", 2);
    private static readonly Option<int?> Threads = Count("--threads", "Threads of ONNX Runtime; the number of physical cores if left out.", 1);

    /// <summary>Runs what <paramref name="args"/> name.</summary>
    /// <returns>The exit code: 0, or 2 for wrong input, which is one line on <paramref name="error"/>.</returns>
    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Measures how fast LmPlayground is and how much memory it takes.") { Name, Model, Rounds, Tokens, Threads };
        root.SetAction((parsed, cancellationToken) => RunAsync(parsed, output, cancellationToken));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return await FailAsync(error, parsed.Errors[0].Message);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is BenchmarkException or ModelLoadException or PromptException)
        {
            return await FailAsync(error, exception.Message);
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(Name)!;
        if (name == ListName)
        {
            foreach (var known in Benchmark.All)
                await output.WriteLineAsync($"{known.Name,-10}{known.Summary}");
            return Success;
        }

        var benchmark = Benchmark.All.FirstOrDefault(known => known.Name == name) ?? throw new BenchmarkException(
            $"There is no benchmark '{name}'. Known are: {string.Join(", ", Benchmark.All.Select(known => known.Name))}.");
        await benchmark.Run(new BenchmarkContext
        {
            Output = output,
            Model = parsed.GetValue(Model)!,
            Rounds = parsed.GetValue(Rounds),
            Tokens = parsed.GetValue(Tokens),
            Threads = parsed.GetValue(Threads) ?? 0,
            CancellationToken = cancellationToken,
        });
        return Success;
    }

    private static Option<int?> Count(string name, string description, int least)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < least)
                result.AddError($"{name} must be {least} or more.");
        });
        return option;
    }

    private static async Task<int> FailAsync(TextWriter error, string message)
    {
        await error.WriteLineAsync("error: " + message.ReplaceLineEndings(" "));
        return WrongInput;
    }
}
