using System.Collections.Immutable;
using System.CommandLine;
using LmPlayground.Generation;
using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Models;

namespace LmPlayground.Web.Cli;

/// <summary><c>compare</c>: strategies and models side by side on the same random numbers, as a table or as JSON lines.</summary>
internal static class CompareCommand
{
    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var command = new Command("compare", "Lay strategies and models side by side: one prompt, the same random numbers.");
        var options = new CompareOptions();
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var models = openModels(parsed);
            return await RunAsync(options, parsed, models, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CompareOptions options, ParseResult parsed, CliModels models, CancellationToken cancellationToken)
    {
        // All of the input is checked before a model is read.
        var plan = options.Read(parsed);
        var columns = ImmutableArray.CreateBuilder<GenerationRequest>();
        foreach (var column in plan.Columns)
        {
            var model = (await models.LoadAsync(column.Model, cancellationToken)).AsLanguageModel();
            columns.Add(new GenerationRequest
            {
                Model = model,
                PromptIds = plan.PromptIds ?? PromptEncoder.Encode(model, plan.PromptText!),
                Sampling = column.Sampling,
                Stopping = column.Stopping,
                Seed = column.Seed,
                TopCandidates = plan.TopCandidates,
            });
        }

        using var engine = new GenerationEngine();
        using var run = new ComparisonRun(engine, new ComparisonRequest { Columns = columns.ToImmutable() });
        var output = new CompareOutput(run, [.. plan.Columns.Select(column => column.Name)], parsed.InvocationConfiguration.Output);
        return await output.WriteAsync(plan.Json, cancellationToken);
    }
}
