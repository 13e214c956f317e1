namespace LmPlayground.Web.Runs;

/// <summary>First come, first served, a limited number at a time, and everyone who waits knows their place. Thread-safe.</summary>
/// <param name="concurrent">How many have their turn at the same time.</param>
/// <param name="maxWaiting">How many may wait.</param>
public sealed class RunQueue(int concurrent, int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly List<Ticket> _waiting = [];
    private int _running;

    /// <summary>What someone reads who is turned away.</summary>
    internal string FullMessage => $"The server is busy and its queue of {maxWaiting} is full. Nothing is lost: try again in a moment.";

    /// <summary>A place in the queue, or null if it is full. The ticket must be disposed when its work is done or given up.</summary>
    /// <param name="moved">Called with the new place, from 1, whenever it changes; 0 when it is the ticket's turn.</param>
    internal Ticket? Enter(Action<int> moved)
    {
        lock (_lock)
        {
            if (_running < concurrent)
            {
                _running++;
                return new Ticket(this, moved, isRunning: true);
            }

            if (_waiting.Count >= maxWaiting)
                return null;
            var ticket = new Ticket(this, moved, isRunning: false);
            _waiting.Add(ticket);
            moved(_waiting.Count);
            return ticket;
        }
    }

    private void Leave(Ticket ticket)
    {
        Ticket? next = null;
        lock (_lock)
        {
            var from = 0;
            if (ticket.IsRunning)
            {
                if (_waiting.Count > 0)
                {
                    next = _waiting[0];
                    next.IsRunning = true;
                    _waiting.RemoveAt(0);
                }
                else
                {
                    _running--;
                }
            }
            else
            {
                from = _waiting.IndexOf(ticket);
                _waiting.Remove(ticket);
            }

            for (var i = from; i < _waiting.Count; i++)
                _waiting[i].Moved(i + 1);
        }

        next?.Begin();
    }

    /// <summary>A place in the queue, then the right to run.</summary>
    internal sealed class Ticket : IDisposable
    {
        private readonly RunQueue _queue;
        private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _disposed;

        internal Ticket(RunQueue queue, Action<int> moved, bool isRunning)
        {
            _queue = queue;
            Moved = moved;
            IsRunning = isRunning;
            if (isRunning)
                Begin();
        }

        internal Action<int> Moved { get; }

        internal bool IsRunning { get; set; }

        /// <summary>Completes when it is this ticket's turn.</summary>
        internal Task WaitAsync(CancellationToken cancellationToken) => _turn.Task.WaitAsync(cancellationToken);

        internal void Begin()
        {
            Moved(0);
            _turn.TrySetResult();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
                _queue.Leave(this);
        }
    }
}
