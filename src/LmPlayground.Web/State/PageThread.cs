using System.Globalization;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.State;

/// <summary>The thread of a page: what comes from elsewhere is brought there, in the language of its reader, and what fails there is shown.</summary>
/// <param name="invoke">Calls on the page's thread.</param>
/// <param name="render">Paints the page; called on its thread.</param>
/// <param name="logger">Where what nobody has foreseen is logged.</param>
/// <param name="words">What the page says.</param>
/// <param name="presence">Whether the page's browser is there; always, unless given.</param>
internal sealed partial class PageThread(Func<Func<Task>, Task> invoke, Action render, ILogger logger, PageWords words, Presence? presence = null)
{
    private readonly CultureInfo _language = CultureInfo.CurrentUICulture;

    /// <summary>What the page says.</summary>
    internal PageWords Words { get; } = words;

    /// <summary>Whether the page's browser is there.</summary>
    internal Presence Presence { get; } = presence ?? new Presence();

    /// <summary>What has failed, in words, or null.</summary>
    internal string? Failure { get; set; }

    /// <summary>Paints the page. To be called on its thread.</summary>
    internal void Render() => render();

    /// <summary>Calls on the page's thread.</summary>
    internal Task InvokeAsync(Func<Task> act) => invoke(() =>
    {
        // Whoever calls has a language of its own: another reader's, or the server's.
        CultureInfo.CurrentUICulture = _language;
        return act();
    });

    /// <summary>Calls on the page's thread, without anyone who waits: a failure is shown.</summary>
    internal async void Post(Func<Task> act)
    {
        try
        {
            await InvokeAsync(act);
        }
        catch (ObjectDisposedException)
        {
            // The page is gone.
        }
        catch (Exception error)
        {
            await FailAsync(error);
        }
    }

    /// <summary>Shows what has failed.</summary>
    internal async Task FailAsync(Exception error)
    {
        if (WorkErrors.IsUnexpected(error))
            LogFailed(error);
        try
        {
            await InvokeAsync(() =>
            {
                Failure = Words.Of(WorkErrors.Explain(error));
                render();
                return Task.CompletedTask;
            });
        }
        catch (ObjectDisposedException)
        {
            // The page is gone.
        }
    }

    [LoggerMessage(LogLevel.Error, "A page has failed")]
    private partial void LogFailed(Exception exception);
}
