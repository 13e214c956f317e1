using System.CommandLine;
using LmPlayground.Runs;
using LmPlayground.Runs.Settings;
using LmPlayground.Runs.Work;

namespace LmPlayground.Web.Cli;

/// <summary><c>compare</c>: strategies and models side by side on the same random numbers, as a table or as JSON lines.</summary>
internal static class CompareCommand
{
    /// <summary>What all columns have in common; each has all other settings of its own.</summary>
    private static readonly Setting[] Shared =
        [RunSettings.Seed, RunSettings.Chat, RunSettings.System, RunSettings.TemplateTime, RunSettings.Source, RunSettings.Prompt, RunSettings.PromptIds];

    private static readonly Option<string[]> Columns = new("--column")
    {
        Description = "A column: what it changes of the other options, as NAME=VALUE,NAME=VALUE. Names are those of the sampler's and the stop criteria's settings, and model, seed, order. Give two or more; \"\" changes nothing.",
    };

    private static readonly Option<string?> Sweep = new("--sweep")
    {
        Description = "A column for each value of one parameter: temperature=0.2:1.6:0.2 (from, to, step) or top_k=1,5,40.",
    };

    internal static Command Create(Func<ParseResult, CliModels> openModels)
    {
        var command = new Command("compare", "Lay strategies and models side by side: one prompt, the same random numbers.");
        var options = new RunOptionsOfCommand(PromptOptions.Settings.Except(SearchSettings.Settings));
        options.AddTo(command);
        command.Options.Add(PromptOptions.Raw);
        command.Options.Add(Columns);
        command.Options.Add(Sweep);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // All of the input is checked before a model is read.
            var shared = PromptOptions.Checked(parsed, options.Read(parsed));
            var columns = Read(parsed, shared);
            var top = options.Top(parsed);
            using var models = openModels(parsed);
            await using var runs = new CliRuns(models.Loader, top, parsed.InvocationConfiguration.Error);
            var work = new ComparisonWork(shared.Only(Shared) with { Columns = columns.Columns }, runs.Services);
            var output = new CompareOutput(work, columns.Names, parsed.InvocationConfiguration.Output, options.Json(parsed));
            var last = await runs.FollowAsync(work, output.ShowAsync, cancellationToken);
            JobFailure.ThrowIfFailed(last);
            return await output.EndAsync(last.Detail);
        });
        return command;
    }

    private static CompareColumns Read(ParseResult parsed, RunRequest shared) => (parsed.GetValue(Columns) ?? [], parsed.GetValue(Sweep)) switch
    {
        ({ Length: > 0 }, not null) => throw new CommandLineException("Give --column or --sweep, not both."),
        (_, { } sweep) => CompareColumns.Sweep(sweep, shared),
        (var columns, null) => CompareColumns.Parse(columns, shared),
    };
}
