using LmPlayground.Models.Catalog;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Models.Tests.Catalog;

public sealed class LoadNoticeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_could_not_be_used_of_a_models_files_is_one_line_of_the_log_at_each_load(int count)
    {
        string[] notices = [.. Enumerable.Range(1, count).Select(i => $"config.json: at key{i}: a number was expected.")];
        _folder.Write("odd/model.onnx", "x");
        var log = new Lines();
        var options = new ModelCatalogOptions();
        options.Directories.Add(_folder.Path);
        using var catalog = new ModelCatalog(
            options,
            (source, _, _) => new FakeLanguageModel(source) { Card = new FakeLanguageModel(source).Card with { Notices = [.. notices] } },
            log);
        (await catalog.AcquireAsync("odd", TestContext.Current.CancellationToken)).Dispose();
        (await catalog.AcquireAsync("odd", TestContext.Current.CancellationToken)).Dispose();
        var told = log.Written.Where(line => line.Contains("runs without", StringComparison.Ordinal)).ToList();
        Assert.Equal(count == 0 ? 0 : 1, told.Count);
        Assert.All(notices, notice => Assert.Contains(notice, told[0], StringComparison.Ordinal));
        Assert.Equal(notices, catalog.Entries.Single().Card!.Notices);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
