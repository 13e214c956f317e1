namespace LmPlayground.Web.State;

/// <summary>Gives turns at one thing, of which the latest counts: the next one cancels the one before. Thread-safe.</summary>
/// <remarks>
/// A turn's source is cancelled and disposed by whoever takes its place away, once, and never by the turn itself: two that begin at the same time
/// cannot cancel what is disposed already.
/// </remarks>
internal sealed class LatestTurn : IDisposable
{
    private CancellationTokenSource? _latest;

    /// <summary>Begins a turn and ends the one before.</summary>
    /// <returns>Cancelled once the turn is not the latest any more.</returns>
    internal CancellationToken Begin()
    {
        var source = new CancellationTokenSource();
        var turn = source.Token;
        End(Interlocked.Exchange(ref _latest, source));
        return turn;
    }

    /// <summary>Ends the latest turn; another one can begin.</summary>
    public void Dispose() => End(Interlocked.Exchange(ref _latest, null));

    private static void End(CancellationTokenSource? source)
    {
        source?.Cancel();
        source?.Dispose();
    }
}
