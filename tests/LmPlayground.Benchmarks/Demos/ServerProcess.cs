using System.Diagnostics;

namespace LmPlayground.Benchmarks.Demos;

/// <summary>The real program in a process of its own, from its start to the line that says that it listens.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    /// <summary>Its address.</summary>
    internal Uri Address { get; private set; } = null!;

    /// <summary>Starts it on a data folder, and returns as soon as it says that it listens.</summary>
    internal static async Task<ServerProcess> StartAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "LmPlayground.Web.dll"), "--urls", "http://127.0.0.1:0"])
            info.ArgumentList.Add(argument);
        info.Environment["Data__Directory"] = dataFolder;
        info.Environment["Limits__PageBurstPerClient"] = "1000000";
        info.Environment["ConnectionStrings__Demos"] = "";
        var server = new ServerProcess(Process.Start(info) ?? throw new BenchmarkException("The program cannot be started."));
        while (await server._process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                _ = server._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                server.Address = new Uri(line[(at + Listening.Length)..].Trim());
                return server;
            }
        }

        await server.DisposeAsync();
        throw new BenchmarkException("The program ended before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
