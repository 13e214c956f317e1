using LmPlayground.Web.State;
using Microsoft.JSInterop;

namespace LmPlayground.Web.Components.Browser;

/// <summary>
/// Asks the browser now and then whether it is there, as long as it watches work that goes on. The socket's own signals come from a timer of
/// the browser, which is slowed to once a minute where a tab is hidden, so they cannot be waited for as briefly.
/// </summary>
internal sealed class Heartbeat(IJSRuntime script, Presence presence, TimeProvider time) : IDisposable
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer may take: a browser that lays a long text out is busy for seconds.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _disposed = new();

    /// <summary>Asks until it is disposed.</summary>
    internal async Task BeatAsync()
    {
        var gone = _disposed.Token;
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(gone))
            {
                if (presence.IsWatching)
                    presence.SetAnswering(await AskAsync(gone));
            }
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }

    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
            return;
        _disposed.Cancel();
        _disposed.Dispose();
    }

    private async Task<bool> AskAsync(CancellationToken gone)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, gone);
        try
        {
            await script.InvokeAsync<double>("Date.now", either.Token);
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or JSDisconnectedException or JSException)
        {
            return false;
        }
    }
}
