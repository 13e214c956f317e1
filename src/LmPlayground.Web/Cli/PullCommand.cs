using System.CommandLine;
using System.Globalization;
using LmPlayground.Models.Hub;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Formatting;

namespace LmPlayground.Web.Cli;

/// <summary><c>pull</c>: downloads a model into the cache of Hugging Face's tools.</summary>
internal static class PullCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly Argument<string> Repository = new("repository") { Description = "ORG/NAME on the hub, or the address of its page." };
    private static readonly Option<string?> Variant = new("--variant") { Description = "Which graph: q4, full, quantized, int8, uint8, bnb4, q4f16, fp16. Without it the one that runs best on a processor." };
    private static readonly Option<string?> Revision = new("--revision") { Description = "A branch, a tag or a commit; main without it." };

    internal static Command Create()
    {
        var command = new Command("pull", "Download a model from a hub (HF_ENDPOINT, HF_TOKEN), or go on with a download that broke off.");
        command.Arguments.Add(Repository);
        command.Options.Add(Variant);
        command.Options.Add(Revision);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        var error = parsed.InvocationConfiguration.Error;
        var id = Read(parsed.GetRequiredValue(Repository));
        using var client = new HubClient(HubOptions.FromEnvironment());
        try
        {
            var repository = await client.FindAsync(id, parsed.GetValue(Revision), cancellationToken);
            var variant = repository.Choose(parsed.GetValue(Variant));
            var downloader = new HubDownloader(client);
            await output.WriteLineAsync($"{id}, {variant.Name}, licence {TerminalWriter.Name(repository.License ?? "not stated")}: {Sizes.Text(variant.Size)}, of which {Sizes.Text(downloader.Missing(repository, variant))} are to be downloaded");
            if (repository.Variants.Length > 1)
                await output.WriteLineAsync("variants: " + string.Join(", ", repository.Variants.Select(other => $"{TerminalWriter.Name(other.Name)} {Sizes.Text(other.Size)}")));
            var written = TimeProvider.System.GetTimestamp();
            var progress = new DirectProgress(now =>
            {
                if (TimeProvider.System.GetElapsedTime(written) < Pause)
                    return;
                written = TimeProvider.System.GetTimestamp();
                error.WriteLine(Describe(now));
            });
            var directory = await downloader.PullAsync(repository, variant, progress, cancellationToken);
            await output.WriteLineAsync($"{directory}\nUse it: generate --model {id}:{variant.Name} --prompt \"...\"");
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped; what has arrived is kept. The same command goes on with it.");
            return ExitCodes.Interrupted;
        }
    }

    private static HubRepositoryId Read(string repository)
    {
        try
        {
            return HubRepositoryId.Parse(repository);
        }
        catch (HubException exception)
        {
            throw new CommandLineException(exception.Message);
        }
    }

    private static string Describe(DownloadProgress now) => string.Create(
        CultureInfo.InvariantCulture, $"{now.Share,4:P0}  {Sizes.Text(now.Done)} of {Sizes.Text(now.Total)}, {Sizes.Rate(now)}");
}
