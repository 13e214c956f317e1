using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Work;

namespace LmPlayground.Web.Cli;

/// <summary>The log of a command: what nobody has foreseen, with its stack, on standard error. All else is said by the command itself.</summary>
internal sealed class UnexpectedErrorLog(TextWriter error) : ILogger<JobManager>
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null && WorkErrors.IsUnexpected(exception))
            error.WriteLine(exception);
    }
}
