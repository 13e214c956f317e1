using System.Diagnostics;
using System.Globalization;
using LmPlayground.Demos.Saver;
using LmPlayground.Demos.Storing;

namespace LmPlayground.Demos.Tests.Support;

/// <summary>A process that saves demos and says which are kept.</summary>
internal sealed class SaverProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<(int Number, string Id)> _acknowledged = [];

    private SaverProcess(Process process) => _process = process;

    internal IReadOnlyList<(int Number, string Id)> Acknowledged => _acknowledged;

    internal string Refusal { get; private set; } = "";

    internal static async Task<SaverProcess> StartAsync(ITestDatabase database, OwnerSecret owner, int first, int count)
    {
        string[] numbers = [first.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture)];
        var program = Path.Combine(AppContext.BaseDirectory, "LmPlayground.Demos.Saver.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. database.Arguments, owner.Reveal(), .. numbers])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var saver = new SaverProcess(Process.Start(start)!);
        await saver.ReadLineAsync();
        return saver;
    }

    internal async Task ReadUntilAsync(int acknowledged)
    {
        while (_acknowledged.Count < acknowledged)
            Assert.True(await ReadLineAsync(), $"The process ended after {_acknowledged.Count} saves: {Refusal}");
    }

    /// <summary>Kills the process; what it had said before still counts.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        while (await ReadLineAsync())
        {
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>All that was acknowledged is there, byte for byte; what was not is there whole or not at all.</summary>
    internal async Task CheckAsync(DemoStore store, OwnerSecret owner)
    {
        Assert.NotEmpty(_acknowledged);
        foreach (var (number, text) in _acknowledged)
        {
            Assert.True(DemoId.TryParse(text, out var id));
            Assert.Equal(SaverDocument.Bytes(number), Assert.IsType<FoundDemo>(await store.FindAsync(id)).Document.ToArray());
        }

        var next = _acknowledged.Max(saved => saved.Number) + 1;
        if (await store.FindAsync(DemoId.Of(owner, SaverDocument.Demo(next).DocumentHash, 0)) is FoundDemo found)
            Assert.Equal(SaverDocument.Bytes(next), found.Document.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task<bool> ReadLineAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync();
        if (line?.Split(' ') is ["saved", var number, { Length: DemoId.Length } id])
            _acknowledged.Add((int.Parse(number, CultureInfo.InvariantCulture), id));
        else if (line?.StartsWith("refused ", StringComparison.Ordinal) == true)
            Refusal = line["refused ".Length..];
        return line is not null;
    }
}
