using System.Diagnostics;
using System.Text.Json;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>
/// The real program under strace, with a home of its own. Without the switch of OnnxTelemetry the library looks up a host some eight seconds
/// after the start, and writes a device id and a database below ~/.cache: both were seen before this test was written.
/// </summary>
public sealed class PrivacyTests : IDisposable
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lmplayground-");

    [Fact]
    public async Task The_server_asks_no_other_machine_and_writes_nothing_outside_its_data_folder()
    {
        using var server = Start("--urls", "http://127.0.0.1:0");
        try
        {
            var address = await AddressOf(server);
            using var client = new HttpClient();
            await client.GetStringAsync(address, TestContext.Current.CancellationToken);
            using var generate = Start("generate", "--model", "transformer", "--prompt", "Once", "--max-new-tokens", "5");
            await generate.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, generate.ExitCode);

            // What is looked for is that nothing happens: there is no event to wait for.
            await server.WaitForExitAsync(new CancellationTokenSource(Watched).Token).ContinueWith(_ => { }, TaskScheduler.Default);
            Assert.False(server.HasExited);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }

        Assert.DoesNotContain(Traces(), IsToAnotherMachine);
        var data = Path.Combine(_folder.FullName, "data", "lmplayground") + Path.DirectorySeparatorChar;
        var outside = Directory.EnumerateFiles(Home, "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(Path.Combine(_folder.FullName, "data"), "*", SearchOption.AllDirectories))
            .Where(file => !file.StartsWith(data, StringComparison.Ordinal));
        Assert.Empty(outside);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(Temporary), entry => !IsOfTheRuntime(Path.GetFileName(entry)));
    }

    /// <summary>Another native library may have a telemetry of its own: it is to be looked into before it joins this list.</summary>
    [Fact]
    public void Every_native_library_that_comes_with_the_program_has_been_looked_into()
    {
        using var dependencies = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(PlaygroundProgram.Path, ".deps.json")));
        var native = dependencies.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(package => package.Value.TryGetProperty("runtimeTargets", out var files)
                && files.EnumerateObject().Any(file => file.Value.GetProperty("assetType").GetString() == "native"))
            .Select(package => package.Name.Split('/')[0]);

        // ONNX Runtime's telemetry is switched off before it loads; SQLite has none, and no network at all; nor has Skia, in whose Linux build
        // there is not even what looks for fonts. It draws a picture at each start, under the eyes of the test above.
        string[] known =
        [
            "Microsoft.ML.OnnxRuntime", "SkiaSharp.NativeAssets.Linux.NoDependencies", "SkiaSharp.NativeAssets.macOS", "SkiaSharp.NativeAssets.Win32",
            "SQLitePCLRaw.lib.e_sqlite3",
        ];
        Assert.Equal(known, native.Order(StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Home => Path.Combine(_folder.FullName, "home");

    private string Temporary => Path.Combine(_folder.FullName, "tmp");

    /// <summary>.NET's own sockets for debuggers, and what it maps code with: no file of ours, gone with the process.</summary>
    private static bool IsOfTheRuntime(string name) =>
        name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) || name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal)
        || name.StartsWith(".dotnet", StringComparison.Ordinal) || name.StartsWith("lttng", StringComparison.Ordinal);

    private static bool IsToAnotherMachine(string call) =>
        call.Contains("AF_INET", StringComparison.Ordinal) && call.Contains("sin", StringComparison.Ordinal)
        && !call.Contains("inet_addr(\"127.", StringComparison.Ordinal) && !call.Contains("\"::1\"", StringComparison.Ordinal);

    private IEnumerable<string> Traces() => Directory.EnumerateFiles(_folder.FullName, "trace*").SelectMany(File.ReadLines);

    private static async Task<string> AddressOf(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.IndexOf("Now listening on: ", StringComparison.Ordinal) is >= 0 and var at)
            {
                _ = server.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return line[(at + "Now listening on: ".Length)..].Trim();
            }
        }

        throw new InvalidOperationException("The server ended before it listened.");
    }

    private Process Start(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not here: it shows what a program asks of the network (apt-get install strace).");
        foreach (var folder in (string[])[Home, Temporary, Path.Combine(_folder.FullName, "data")])
            Directory.CreateDirectory(folder);
        var info = CommandLine.StartInfo(arguments);
        var trace = Path.Combine(_folder.FullName, "trace" + Guid.NewGuid().ToString("N"));
        string[] strace = ["-f", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", trace, info.FileName];
        for (var i = 0; i < strace.Length; i++)
            info.ArgumentList.Insert(i, strace[i]);
        info.FileName = "/usr/bin/strace";
        (info.Environment["HOME"], info.Environment["TMPDIR"], info.Environment["XDG_DATA_HOME"]) = (Home, Temporary, Path.Combine(_folder.FullName, "data"));
        // A cache folder that is set would take what is looked for below the home.
        foreach (var name in (string[])["Data__Directory", "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY"])
            info.Environment.Remove(name);
        return Process.Start(info)!;
    }
}
