using System.Diagnostics;
using System.Globalization;
using LmPlayground.Models.Catalog;

namespace LmPlayground.Models.Tests.Catalog;

/// <summary>What the catalogue asks of the disk: not much, each thing once, and never while others wait for its lock.</summary>
public sealed class ModelDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CountingDisk _disk = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ten_thousand_folders_are_each_read_once_and_at_the_next_look_not_at_all()
    {
        const int count = 10_000;
        for (var i = 0; i < count; i++)
            _folder.Write(string.Create(CultureInfo.InvariantCulture, $"m{i:00000}/{(i % 2 == 0 ? "model.onnx" : "config.json")}"), "{}");
        var before = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        using var catalog = Open();
        TestContext.Current.SendDiagnosticMessage($"{count} folders: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s, of a processor {(Environment.CpuUsage.TotalTime - before).TotalSeconds:0.00} s");
        Assert.Equal(count, catalog.Entries.Count);
        Assert.Same(catalog.Entries, catalog.Entries);
        Assert.Equal(count, catalog.Entries.Select(entry => entry.Id).Distinct().Count());
        Assert.Equal((1, count + 1, count), _disk.Counts);

        _folder.Write("late/config.json", "{}");
        await catalog.RefreshAsync();
        Assert.Equal("late", catalog.Entries[^1].Id);
        Assert.Equal((2, count + 3, count + 1), _disk.Counts);
    }

    [Theory]
    [InlineData("a/config.json", "a")]
    [InlineData("a/lm.json", "a")]
    [InlineData("b/onnx/model_q4.onnx", "b")]
    [InlineData("c d/genai_config.json", "c d")]
    public async Task A_model_that_came_after_the_start_is_there_for_whoever_looks_or_asks_for_it_by_name(string file, string id)
    {
        _folder.Write("first/model.onnx", "x");
        using var catalog = Open();
        Assert.Equal(["first"], catalog.Entries.Select(entry => entry.Id));
        _folder.Write(file, "{}");
        using (await catalog.AcquireAsync(id, Cancellation))
            Assert.Equal(["first", id], catalog.Entries.Select(entry => entry.Id));
        await catalog.RefreshAsync();
        Assert.Equal(["first", id], catalog.Entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task While_the_disk_answers_nobody_the_known_models_are_listed_loaded_and_unloaded()
    {
        _folder.Write("known/model.onnx", "x");
        using var catalog = Open();
        _folder.Write("slow/model.onnx", "x");
        using var gate = new ManualResetEventSlim();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _disk.Before = () =>
        {
            reached.TrySetResult();
            gate.Wait(Cancellation);
        };
        var refresh = catalog.RefreshAsync();
        await reached.Task.WaitAsync(Cancellation);
        var asked = catalog.AcquireAsync("slow", Cancellation);
        try
        {
            Assert.Equal(["known"], catalog.Entries.Select(entry => entry.Id));
            (await catalog.AcquireAsync("known", Cancellation)).Dispose();
            Assert.True(catalog.Unload("known"));
            Assert.False(refresh.IsCompleted);
            Assert.False(asked.IsCompleted);
            Assert.Same(refresh, catalog.RefreshAsync());
        }
        finally
        {
            gate.Set();
        }

        await refresh;
        (await asked).Dispose();
        Assert.Equal(["known", "slow"], catalog.Entries.Select(entry => entry.Id));
    }

    private ModelCatalog Open()
    {
        var options = new ModelCatalogOptions();
        options.Directories.Add(_folder.Path);
        return new ModelCatalog(options, (source, _, _) => new FakeLanguageModel(source), disk: _disk);
    }

    private sealed class CountingDisk : ModelDisk
    {
        private (int Subfolders, int Lists, int Described) _counts;

        public Action? Before { get; set; }

        public (int Subfolders, int Lists, int Described) Counts => _counts;

        public override IReadOnlyList<string> Subfolders(string directory)
        {
            Before?.Invoke();
            Interlocked.Increment(ref _counts.Subfolders);
            return base.Subfolders(directory);
        }

        public override FolderListing List(string directory)
        {
            Before?.Invoke();
            Interlocked.Increment(ref _counts.Lists);
            return base.List(directory);
        }

        public override ModelEntry Describe(ModelSource source, FolderListing listing)
        {
            Before?.Invoke();
            Interlocked.Increment(ref _counts.Described);
            return base.Describe(source, listing);
        }
    }
}
