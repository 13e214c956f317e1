namespace LmPlayground.Runs.Tests.Work;

/// <summary>
/// What fake models hold as if it were native memory: who computes, what there is, and every use that would have crashed. One pass, counted
/// from 1, is held still, and does not hear of its cancellation before it goes on, as a kernel does.
/// </summary>
internal sealed class NativeLedger(int heldPass = int.MaxValue) : IDisposable
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _heldPass = heldPass;
    private readonly ManualResetEventSlim _gate = new();
    private readonly List<string> _faults = [];
    private int _passes;
    private int _alive;

    /// <summary>Comes when the pass is held.</summary>
    internal Task Held => _held.Task;

    internal int Alive => Volatile.Read(ref _alive);

    internal IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
                return [.. _faults];
        }
    }

    /// <summary>Holds the next pass, whatever ran before.</summary>
    internal void HoldNext() => _heldPass = Volatile.Read(ref _passes) + 1;

    internal void Release() => _gate.Set();

    internal Handle Allocate(string name, params IEnumerable<Handle> uses) => new(this, name, [.. uses]);

    public void Dispose() => _gate.Dispose();

    private void Fault(string what)
    {
        lock (_faults)
            _faults.Add(what);
    }

    /// <summary>One thing that must be freed, once, when nobody computes with it and nothing stands on it any more.</summary>
    internal sealed class Handle : IDisposable
    {
        private readonly NativeLedger _ledger;
        private readonly string _name;
        private readonly Handle[] _uses;
        private int _users;
        private int _passes;
        private int _freed;

        internal Handle(NativeLedger ledger, string name, Handle[] uses)
        {
            (_ledger, _name, _uses) = (ledger, name, uses);
            Interlocked.Increment(ref ledger._alive);
            foreach (var used in uses)
                Interlocked.Increment(ref used._users);
        }

        /// <summary>A pass through the model.</summary>
        internal void Pass(CancellationToken cancellationToken)
        {
            Handle[] used = [this, .. _uses];
            foreach (var handle in used)
                Interlocked.Increment(ref handle._passes);
            if (Interlocked.Increment(ref _ledger._passes) == _ledger._heldPass)
            {
                _ledger._held.TrySetResult();
                _ledger._gate.Wait(CancellationToken.None);
            }

            foreach (var handle in used)
            {
                if (Volatile.Read(ref handle._freed) != 0)
                    _ledger.Fault($"a pass used a freed {handle._name}");
                Interlocked.Decrement(ref handle._passes);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _freed, 1) != 0)
                _ledger.Fault($"{_name} freed twice");
            if (Volatile.Read(ref _passes) != 0)
                _ledger.Fault($"{_name} freed inside a pass");
            if (Volatile.Read(ref _users) != 0)
                _ledger.Fault($"{_name} freed under what uses it");
            foreach (var used in _uses)
                Interlocked.Decrement(ref used._users);
            Interlocked.Decrement(ref _ledger._alive);
        }
    }
}
