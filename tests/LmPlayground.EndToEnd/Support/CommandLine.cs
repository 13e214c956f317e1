using System.Diagnostics;
using System.Text;

namespace LmPlayground.EndToEnd.Support;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the playground's program as a shell would.</summary>
internal static class CommandLine
{
    internal static ProcessStartInfo StartInfo(params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        info.ArgumentList.Add(PlaygroundProgram.Path);
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        return info;
    }

    internal static Task<CommandResult> RunAsync(params IEnumerable<string> arguments) => RunAsync(StartInfo(arguments));

    internal static async Task<CommandResult> RunAsync(ProcessStartInfo info, string input = "")
    {
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', info.ArgumentList)} did not end within two minutes.");
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }
}
