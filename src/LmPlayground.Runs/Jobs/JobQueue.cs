namespace LmPlayground.Runs.Jobs;

/// <summary>First come, first served, a limited number at a time, and everyone who waits knows their place. Thread-safe.</summary>
internal sealed class JobQueue(JobLane lane)
{
    private readonly Lock _lock = new();
    private readonly List<Ticket> _waiting = [];
    private int _running;

    internal enum State
    {
        Waiting,
        Running,
        Gone,
    }

    /// <summary>A place in the queue or at once the turn; null if the queue is full.</summary>
    internal Ticket? Enter(IQueued queued)
    {
        var ticket = new Ticket(this, queued);
        lock (_lock)
        {
            if (_running < lane.MaxConcurrent)
            {
                _running++;
                ticket.Begin();
                return ticket;
            }

            if (_waiting.Count >= lane.MaxWaiting)
                return null;
            _waiting.Add(ticket);
            queued.Place(_waiting.Count);
        }

        queued.Notify();
        return ticket;
    }

    private void Leave(Ticket ticket, bool evenIfRunning)
    {
        List<Ticket> moved = [];
        lock (_lock)
        {
            var from = 0;
            if (ticket.State == State.Waiting)
            {
                from = _waiting.IndexOf(ticket);
                _waiting.RemoveAt(from);
                ticket.Queued.Place(0);
            }
            else if (ticket.State == State.Running && evenIfRunning)
            {
                _running--;
            }
            else
            {
                return;
            }

            ticket.End();
            moved.Add(ticket);
            while (_running < lane.MaxConcurrent && _waiting.Count > 0)
            {
                _running++;
                moved.Add(_waiting[0]);
                _waiting[0].Begin();
                _waiting.RemoveAt(0);
            }

            for (; from < _waiting.Count; from++)
            {
                _waiting[from].Queued.Place(from + 1);
                moved.Add(_waiting[from]);
            }
        }

        // Places are written in order, under the lock; whoever is told reads them, and may do what it likes.
        moved.ForEach(other => other.Queued.Notify());
    }

    /// <summary>A place in the queue, then the right to run. Dispose it when the work is done or given up.</summary>
    internal sealed class Ticket : IDisposable
    {
        private readonly JobQueue _queue;
        private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Ticket(JobQueue queue, IQueued queued) => (_queue, Queued) = (queue, queued);

        internal IQueued Queued { get; }

        /// <summary>Completes when it is this ticket's turn, or when it was given up before.</summary>
        internal Task Turn => _turn.Task;

        internal State State { get; private set; }

        /// <summary>Leaves the queue at once, unless it has its turn already.</summary>
        internal void GiveUp() => _queue.Leave(this, evenIfRunning: false);

        /// <summary>Leaves, and lets the next one have the turn.</summary>
        public void Dispose() => _queue.Leave(this, evenIfRunning: true);

        internal void Begin()
        {
            State = State.Running;
            Queued.Place(0);
            _turn.TrySetResult();
        }

        internal void End()
        {
            State = State.Gone;
            _turn.TrySetResult();
        }
    }
}
