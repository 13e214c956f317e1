using System.CommandLine;
using System.Globalization;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Sharing;

namespace LmPlayground.Web.Cli;

/// <summary><c>demos record</c>: makes the recorded demos of the gallery from the models that come with the program.</summary>
internal static class DemosRecordCommand
{
    private const string InRepository = "wwwroot-assets/demos";

    private static readonly Option<string?> Out = new("--out") { Description = $"The folder to write to; the repository's own, {InRepository}, unless given." };

    internal static Command Create()
    {
        var command = new Command("record", $"Make the recorded demos of the gallery, which {InRepository}/{RecordedDemoList.File} lists. The same list gives the same bytes.");
        command.Options.Add(Out);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var repository = Repository.Find(InRepository);
            var folder = parsed.GetValue(Out) ?? repository
                ?? throw new CommandLineException("The program is not in its repository: say with --out where the demos are to be written.");
            var list = await ReadAsync(repository, cancellationToken);
            Directory.CreateDirectory(folder);
            using var models = new CliModels([]);
            var output = parsed.InvocationConfiguration.Output;
            var total = 0;
            foreach (var demo in list.All)
            {
                var document = await DemoRecorder.RecordAsync(models.Loader, demo, list.Created, parsed.InvocationConfiguration.Error, cancellationToken);
                await File.WriteAllBytesAsync(Path.Combine(folder, demo.File), document, cancellationToken);
                await output.WriteLineAsync($"{demo.Name,-14} {Sizes.Text(document.Length),8}");
                total += document.Length;
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{list.All.Length} demos, {Sizes.Text(total)}, in {Path.GetFullPath(folder)}"));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The list as it stands in the repository, where it may have been changed since the program was built; else the program's own.</summary>
    private static async Task<RecordedDemoList> ReadAsync(string? repository, CancellationToken cancellationToken)
    {
        if (repository is null)
            return new RecordedDemos().List;
        using var list = new MemoryStream(await File.ReadAllBytesAsync(Path.Combine(repository, RecordedDemoList.File), cancellationToken));
        return RecordedDemoList.Read(list);
    }
}
