namespace LmPlayground.Web.State;

/// <summary>Does something once its cause has rested: asked for again meanwhile, it waits anew.</summary>
/// <param name="time">The clock.</param>
/// <param name="rest">How long the cause must rest.</param>
/// <param name="act">What is done.</param>
/// <param name="failed">Takes what it throws.</param>
internal sealed class Debouncer(TimeProvider time, TimeSpan rest, Func<Task> act, Func<Exception, Task> failed) : IDisposable
{
    private CancellationTokenSource? _waiting;

    /// <summary>Begins to wait.</summary>
    public async void Ask()
    {
        Dispose();
        using var waiting = _waiting = new CancellationTokenSource();
        try
        {
            await Task.Delay(rest, time, waiting.Token);
            await act();
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested)
        {
            // It was asked for again, or is not wanted any more.
        }
        catch (Exception error)
        {
            await failed(error);
        }
        finally
        {
            Interlocked.CompareExchange(ref _waiting, null, waiting);
        }
    }

    /// <summary>Waits no more; it can be asked for again.</summary>
    public void Dispose() => Interlocked.Exchange(ref _waiting, null)?.Cancel();
}
