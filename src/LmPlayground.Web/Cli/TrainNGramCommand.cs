using System.CommandLine;
using System.Globalization;
using LmPlayground.Models.NGram.Training;

namespace LmPlayground.Web.Cli;

/// <summary><c>train-ngram</c>: counts an n-gram model from text.</summary>
internal static class TrainNGramCommand
{
    private static readonly NGramTrainingOptions Defaults = new();

    private static readonly Option<string> Text = new("--text") { Description = "The text to count, UTF-8, plain or gzip.", Required = true };
    private static readonly Option<string> Tokenizer = new("--tokenizer") { Description = "The folder with the tokenizer.json to split it with.", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "The folder to write the model into.", Required = true };
    private static readonly Option<int> Order = new("--order")
    {
        Description = $"The length of the longest n-grams: {NGramTrainingOptions.LeastOrder} to {NGramTrainingOptions.GreatestOrder}.",
        DefaultValueFactory = _ => Defaults.Order,
    };

    private static readonly Option<string> Separator = new("--separator")
    {
        Description = "What stands between two documents of the text; empty makes the text one document.",
        DefaultValueFactory = _ => Defaults.Separator,
    };

    private static readonly Option<double> Prune = new("--prune")
    {
        Description = "Leave out n-grams without which the text's perplexity grows by less than this share, such as 1e-8.",
    };

    private static readonly Option<long?> MaxBytes = new("--max-bytes") { Description = "Prune until the model's file has at most so many bytes." };
    private static readonly Option<int> Bits = new("--bits")
    {
        Description = $"Width of a stored weight: codes of 1 to 16 bits, or {NGramTrainingOptions.FloatBits} for exact floats.",
        DefaultValueFactory = _ => Defaults.WeightBits,
    };

    internal static Command Create()
    {
        var command = new Command("train-ngram", "Count an n-gram model (interpolated modified Kneser-Ney) from a text.");
        foreach (var option in (Option[])[Text, Tokenizer, Order, Out, Separator, Prune, MaxBytes, Bits])
            command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new NGramTrainingOptions
        {
            Order = parsed.GetValue(Order),
            Separator = parsed.GetValue(Separator) ?? "",
            PruningThreshold = parsed.GetValue(Prune),
            MaxBytes = parsed.GetValue(MaxBytes),
            WeightBits = parsed.GetValue(Bits),
        };
        if (options.FindFault() is { } fault)
            throw new CommandLineException($"train-ngram: {fault}.");
        var text = parsed.GetRequiredValue(Text);
        if (!File.Exists(text))
            throw new CommandLineException($"--text: there is no file {Path.GetFullPath(text)}.");
        try
        {
            using var progress = new TrainingProgressWriter(parsed.InvocationConfiguration.Error, TimeProvider.System);
            var report = NGramTrainer.Train(text, parsed.GetRequiredValue(Tokenizer), parsed.GetRequiredValue(Out), options, progress, cancellationToken);
            progress.Dispose();
            parsed.InvocationConfiguration.Output.WriteLine(Describe(report, parsed.GetRequiredValue(Out)));
            return ExitCodes.Success;
        }
        catch (OperationCanceledException)
        {
            parsed.InvocationConfiguration.Error.WriteLine("Interrupted: nothing was written.");
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException)
        {
            throw new CommandLineException(e.Message);
        }
    }

    private static string Describe(NGramTrainingReport report, string directory)
    {
        var lines = report.Kept.Select((kept, index) => string.Create(
            CultureInfo.InvariantCulture, $"  {index + 1}-grams: {kept:N0} of {report.Counted[index]:N0}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Tokens:N0} tokens in {report.Documents:N0} documents\n{string.Join('\n', lines)}\n{report.Bytes:N0} bytes in {Path.GetFullPath(directory)}, pruned at {report.Threshold:G3}");
    }
}
