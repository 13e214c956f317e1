using LmPlayground.Runs.Messages;

namespace LmPlayground.Runs.Jobs;

/// <summary>Fair turns, a limited number at a time, and everyone who waits knows their place. Thread-safe.</summary>
internal sealed class JobQueue(JobLane lane)
{
    private readonly Lock _lock = new();
    private readonly FairTurns _turns = new();

    // In the order of their turns.
    private readonly List<Ticket> _waiting = [];
    private int _running;
    private long _arrivals;

    internal enum State
    {
        Waiting,
        Running,
        Gone,
    }

    /// <summary>A place in the queue or at once the turn.</summary>
    /// <param name="queued">What waits.</param>
    /// <param name="refusal">Why there is no place, in words; null where there is one.</param>
    /// <returns>The place; null where there is none.</returns>
    internal Ticket? Enter(IQueued queued, out Message? refusal)
    {
        List<Ticket> moved = [];
        refusal = null;
        Ticket ticket;
        lock (_lock)
        {
            ticket = new Ticket(this, queued, ++_arrivals);
            if (_running < lane.MaxConcurrent)
            {
                Begin(ticket);
                return ticket;
            }

            refusal = Refusal(queued);
            if (refusal is not null)
                return null;
            _waiting.Add(ticket);
            Arrange(moved);
        }

        Tell(moved);
        return ticket;
    }

    private static void Tell(List<Ticket> moved) => moved.ForEach(ticket => ticket.Queued.Notify());

    private Message? Refusal(IQueued queued)
    {
        if (_waiting.Count(other => other.Queued.Client == queued.Client) >= lane.MaxWaitingOfClient)
            return lane.ClientFullMessage;
        return _waiting.Count >= lane.MaxWaiting ? lane.FullMessage : null;
    }

    private void Begin(Ticket ticket)
    {
        _running++;
        _turns.Begin(ticket.Queued, _waiting);
        ticket.Begin();
    }

    /// <summary>Gives everyone who waits the place of their turn.</summary>
    /// <param name="moved">Takes those whose place is another than before.</param>
    private void Arrange(List<Ticket> moved)
    {
        _turns.Order(_waiting);
        for (var i = 0; i < _waiting.Count; i++)
        {
            if (_waiting[i].MoveTo(i + 1))
                moved.Add(_waiting[i]);
        }
    }

    private void Leave(Ticket ticket, bool evenIfRunning)
    {
        List<Ticket> moved = [];
        lock (_lock)
        {
            if (ticket.State == State.Waiting)
            {
                _waiting.Remove(ticket);
            }
            else if (ticket.State == State.Running && evenIfRunning)
            {
                _running--;
                _turns.End(ticket.Queued, _waiting);
            }
            else
            {
                return;
            }

            ticket.End();
            moved.Add(ticket);
            while (_running < lane.MaxConcurrent && _waiting.Count > 0)
            {
                _turns.Order(_waiting);
                var next = _waiting[0];
                _waiting.RemoveAt(0);
                Begin(next);
                moved.Add(next);
            }

            Arrange(moved);
        }

        // Places are written in order, under the lock; whoever is told reads them, and may do what it likes.
        Tell(moved);
    }

    /// <summary>A place in the queue, then the right to run. Dispose it when the work is done or given up.</summary>
    internal sealed class Ticket : IWaiting, IDisposable
    {
        private readonly JobQueue _queue;
        private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private int _place;

        internal Ticket(JobQueue queue, IQueued queued, long arrival) => (_queue, Queued, Arrival) = (queue, queued, arrival);

        public IQueued Queued { get; }

        public long Arrival { get; }

        /// <summary>Completes when it is this ticket's turn, or when it was given up before.</summary>
        internal Task Turn => _turn.Task;

        internal State State { get; private set; }

        /// <summary>Leaves the queue at once, unless it has its turn already.</summary>
        internal void GiveUp() => _queue.Leave(this, evenIfRunning: false);

        /// <summary>Leaves, and lets the next one have the turn.</summary>
        public void Dispose() => _queue.Leave(this, evenIfRunning: true);

        /// <summary>Notes a place; false where it is the same as before.</summary>
        internal bool MoveTo(int place)
        {
            if (_place == place)
                return false;
            Queued.Place(_place = place);
            return true;
        }

        internal void Begin()
        {
            State = State.Running;
            MoveTo(0);
            _turn.TrySetResult();
        }

        internal void End()
        {
            State = State.Gone;
            MoveTo(0);
            _turn.TrySetResult();
        }
    }
}
