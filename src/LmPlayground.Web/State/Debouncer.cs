namespace LmPlayground.Web.State;

/// <summary>Does something once its cause has rested: asked for again meanwhile, it waits anew.</summary>
/// <param name="time">The clock.</param>
/// <param name="rest">How long the cause must rest.</param>
/// <param name="act">What is done.</param>
/// <param name="failed">Takes what it throws.</param>
internal sealed class Debouncer(TimeProvider time, TimeSpan rest, Func<Task> act, Func<Exception, Task> failed) : IDisposable
{
    private readonly LatestTurn _turns = new();

    /// <summary>Begins to wait.</summary>
    public async void Ask()
    {
        var turn = _turns.Begin();
        try
        {
            await Task.Delay(rest, time, turn);
            await act();
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested)
        {
            // It was asked for again, or is not wanted any more.
        }
        catch (Exception error)
        {
            await failed(error);
        }
    }

    /// <summary>Waits no more; it can be asked for again.</summary>
    public void Dispose() => _turns.Dispose();
}
