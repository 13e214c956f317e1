using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LmPlayground.EndToEnd.Support;

/// <summary>The real program, listening on a free port of this machine.</summary>
public sealed partial class PlaygroundServer : IAsyncLifetime
{
    private readonly List<string> _log = [];
    private Process? _process;

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What it is started with besides its address.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Options that it finds in its environment.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>What it has written so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var info = CommandLine.StartInfo(["--urls", "http://127.0.0.1:0", .. Arguments]);
        foreach (var (name, value) in Options)
            info.Environment[name] = value;
        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data, listening);
        _process.ErrorDataReceived += (_, line) => Read(line.Data, listening);
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The server ended before it listened:\n" + Log));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = await listening.Task.WaitAsync(TimeSpan.FromMinutes(3));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Read(string? line, TaskCompletionSource<string> listening)
    {
        if (line is null)
            return;
        lock (_log)
            _log.Add(line);
        if (ListeningOn().Match(line) is { Success: true } match)
            listening.TrySetResult(match.Groups[1].Value.TrimEnd('/'));
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningOn();
}
