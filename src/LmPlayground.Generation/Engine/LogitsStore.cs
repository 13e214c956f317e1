using System.Runtime.InteropServices;

namespace LmPlayground.Generation.Engine;

/// <summary>Memory for the logits of past steps, shared by all runs: the oldest are let go when the budget is full.</summary>
/// <remarks>Thread-safe. The memory is not the garbage collector's, so that keeping every step causes no collection.</remarks>
internal sealed unsafe class LogitsStore(long budgetBytes, long usualLoan = 0) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Slot> _slots = [];
    private long _bytes;
    private readonly long _most = budgetBytes;
    private long _limit = budgetBytes;
    private long _borrowed;
    private bool _disposed;

    /// <summary>How much the kept logits take.</summary>
    internal long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>How much it may take from now on, with what is borrowed, at most what it was made with; the oldest logits above that are let go.</summary>
    internal void Limit(long bytes)
    {
        lock (_lock)
        {
            _limit = Math.Clamp(bytes, 0, _most);
            MakeRoom();
        }
    }

    /// <summary>
    /// Borrows from the budget for logits that are held elsewhere, until what is returned is disposed: kept ones give way to them. Null where
    /// they do not fit beside what others have borrowed, unless they are no more than is usual.
    /// </summary>
    internal IDisposable? Borrow(long bytes)
    {
        lock (_lock)
        {
            if (_disposed || (bytes > usualLoan && bytes > _limit - _borrowed))
                return null;
            _borrowed += bytes;
            MakeRoom();
            return new Loan(this, bytes);
        }
    }

    /// <summary>Keeps a copy of <paramref name="logits"/>; returns null where one alone exceeds the budget.</summary>
    internal Slot? Add(ReadOnlySpan<float> logits)
    {
        var bytes = (long)logits.Length * sizeof(float);
        lock (_lock)
        {
            var room = _limit - _borrowed;
            if (_disposed || bytes > room)
                return null;
            nint reused = 0;
            while (_bytes + bytes > room)
            {
                var oldest = _slots.First!.Value;
                if (reused == 0 && oldest.Length == logits.Length)
                    reused = Detach(oldest);
                else
                    NativeMemory.Free((void*)Detach(oldest));
            }

            var slot = new Slot
            {
                Length = logits.Length,
                Address = reused != 0 ? reused : (nint)NativeMemory.Alloc((nuint)bytes),
            };
            logits.CopyTo(new Span<float>((void*)slot.Address, slot.Length));
            slot.Node = _slots.AddLast(slot);
            _bytes += bytes;
            return slot;
        }
    }

    /// <summary>Copies kept logits out; false if they were let go.</summary>
    internal bool TryCopy(Slot slot, Span<float> destination)
    {
        lock (_lock)
        {
            if (slot.Address == 0)
                return false;
            new ReadOnlySpan<float>((void*)slot.Address, slot.Length).CopyTo(destination);
            return true;
        }
    }

    /// <summary>Says that one more run has the slot's step: it is freed when as many have released it as there are.</summary>
    internal void Retain(Slot slot)
    {
        lock (_lock)
            slot.Owners++;
    }

    internal void Release(Slot slot)
    {
        lock (_lock)
        {
            if (--slot.Owners == 0 && slot.Address != 0)
                NativeMemory.Free((void*)Detach(slot));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_slots.First is { } node)
                NativeMemory.Free((void*)Detach(node.Value));
        }
    }

    private void MakeRoom()
    {
        while (_bytes > 0 && _bytes + _borrowed > _limit)
            NativeMemory.Free((void*)Detach(_slots.First!.Value));
    }

    private nint Detach(Slot slot)
    {
        var address = slot.Address;
        slot.Address = 0;
        _slots.Remove(slot.Node!);
        _bytes -= (long)slot.Length * sizeof(float);
        return address;
    }

    private sealed class Loan(LogitsStore store, long bytes) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            lock (store._lock)
                store._borrowed -= bytes;
        }
    }

    /// <summary>The place of one step's logits.</summary>
    internal sealed class Slot
    {
        internal int Length { get; init; }

        internal nint Address { get; set; }

        internal int Owners { get; set; } = 1;

        internal LinkedListNode<Slot>? Node { get; set; }
    }
}
