using LmPlayground.Models.Onnx.Memory;

namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// States of a recurrent model at earlier lengths: one every <see cref="Stride"/> tokens, and the latest ones each.
/// When the former outgrow their budget every second one is let go, so that any length costs the same memory.
/// </summary>
internal sealed class StateSnapshots : IDisposable
{
    /// <summary>How many bytes the snapshots of one sequence may take.</summary>
    public const long DefaultBudget = 4L << 20;

    /// <summary>How far apart the lasting snapshots are at first.</summary>
    public const int FirstStride = 32;

    private readonly int _stateBytes;
    private readonly int _mostLasting;
    private readonly int _mostRecent;
    private readonly List<Snapshot> _lasting = [];
    private readonly List<Snapshot> _recent = [];
    private readonly Stack<NativeBuffer> _free = new();

    /// <summary>Keeps states of <paramref name="stateBytes"/> bytes.</summary>
    public StateSnapshots(int stateBytes, long budget = DefaultBudget)
    {
        _stateBytes = stateBytes;
        var total = (int)Math.Clamp(budget / stateBytes, 8, 1024);
        _mostRecent = Math.Min(total / 4, 64);
        _mostLasting = total - _mostRecent;
    }

    /// <summary>How far apart the lasting snapshots are now.</summary>
    public int Stride { get; private set; } = FirstStride;

    /// <summary>Notes the state after <paramref name="length"/> tokens, more than any noted before.</summary>
    public void Add(int length, ReadOnlySpan<byte> state)
    {
        if (_recent.Count == _mostRecent)
        {
            _free.Push(_recent[0].State);
            _recent.RemoveAt(0);
        }

        _recent.Add(Copy(length, state));
        if (length % Stride != 0)
            return;
        if (_lasting.Count == _mostLasting)
            Thin();
        if (length % Stride == 0)
            _lasting.Add(Copy(length, state));
    }

    /// <summary>The greatest noted length up to <paramref name="length"/>, or 0.</summary>
    public int Nearest(int length) => Math.Max(Find(_recent, length)?.Length ?? 0, Find(_lasting, length)?.Length ?? 0);

    /// <summary>The state after exactly <paramref name="length"/> tokens, as <see cref="Nearest"/> gave it.</summary>
    public ReadOnlySpan<byte> this[int length]
    {
        get
        {
            var snapshot = Find(_recent, length) is { } recent && recent.Length == length ? recent : Find(_lasting, length)!.Value;
            return snapshot.State.AsSpan<byte>(_stateBytes);
        }
    }

    /// <summary>Forgets the states after more than <paramref name="length"/> tokens.</summary>
    public void ForgetAfter(int length)
    {
        Drop(_recent, s => s.Length > length);
        Drop(_lasting, s => s.Length > length);
    }

    /// <summary>Copies everything into an empty collection.</summary>
    public void CopyTo(StateSnapshots empty)
    {
        empty.Stride = Stride;
        foreach (var snapshot in _recent)
            empty._recent.Add(empty.Copy(snapshot.Length, snapshot.State.AsSpan<byte>(_stateBytes)));
        foreach (var snapshot in _lasting)
            empty._lasting.Add(empty.Copy(snapshot.Length, snapshot.State.AsSpan<byte>(_stateBytes)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ForgetAfter(-1);
        foreach (var buffer in _free)
            buffer.Dispose();
        _free.Clear();
    }

    private static Snapshot? Find(List<Snapshot> snapshots, int length)
    {
        var index = snapshots.FindLastIndex(s => s.Length <= length);
        return index < 0 ? null : snapshots[index];
    }

    private Snapshot Copy(int length, ReadOnlySpan<byte> state)
    {
        var buffer = _free.Count > 0 ? _free.Pop() : new NativeBuffer(_stateBytes);
        state.CopyTo(buffer.AsSpan<byte>(_stateBytes));
        return new Snapshot(length, buffer);
    }

    private void Thin()
    {
        Stride *= 2;
        Drop(_lasting, s => s.Length % Stride != 0);
    }

    private void Drop(List<Snapshot> snapshots, Predicate<Snapshot> unwanted)
    {
        foreach (var snapshot in snapshots)
        {
            if (unwanted(snapshot))
                _free.Push(snapshot.State);
        }

        snapshots.RemoveAll(unwanted);
    }

    private readonly record struct Snapshot(int Length, NativeBuffer State);
}
