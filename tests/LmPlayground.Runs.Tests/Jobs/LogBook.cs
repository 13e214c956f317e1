using LmPlayground.Runs.Jobs;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Runs.Tests.Jobs;

/// <summary>A log that remembers which exceptions it was told of.</summary>
internal sealed class LogBook : ILogger<JobManager>
{
    private readonly List<Exception> _exceptions = [];

    internal IReadOnlyList<Exception> Exceptions
    {
        get
        {
            lock (_exceptions)
                return [.. _exceptions];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is null)
            return;
        lock (_exceptions)
            _exceptions.Add(exception);
    }
}
