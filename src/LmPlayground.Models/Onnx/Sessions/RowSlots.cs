namespace LmPlayground.Models.Onnx.Sessions;

/// <summary>
/// Which row of a batch lies in which slot of its memory. Rows are reordered by changing this alone; what must be copied is only a row that
/// is repeated, and one that would lie behind the last slot in use.
/// </summary>
internal sealed class RowSlots
{
    private readonly List<(int From, int To)> _copies = [];
    private int[] _slots;
    private bool[] _taken;

    /// <summary>Begins with each row in the slot of its own number.</summary>
    public RowSlots(int count)
    {
        _slots = [.. Enumerable.Range(0, count)];
        _taken = new bool[count];
    }

    /// <summary>How many rows there are: they lie in the slots from 0 on, without a gap.</summary>
    public int Count => _slots.Length;

    /// <summary>The slot of a row.</summary>
    public int this[int row] => _slots[row];

    /// <summary>Makes row i what row <paramref name="rows"/>[i] was.</summary>
    /// <returns>Which slots must be copied where. No slot is both read and written: the order does not matter.</returns>
    public IReadOnlyList<(int From, int To)> Select(ReadOnlySpan<int> rows)
    {
        const int none = -1;
        var selected = new int[rows.Length];
        if (_taken.Length < rows.Length)
            _taken = new bool[rows.Length];
        _taken.AsSpan().Clear();
        for (var row = 0; row < rows.Length; row++)
        {
            var slot = _slots[rows[row]];
            var stays = slot < rows.Length && !_taken[slot];
            selected[row] = stays ? slot : none;
            if (stays)
                _taken[slot] = true;
        }

        _copies.Clear();
        var free = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            if (selected[row] != none)
                continue;
            while (_taken[free])
                free++;
            _taken[free] = true;
            selected[row] = free;
            _copies.Add((_slots[rows[row]], free));
        }

        _slots = selected;
        return _copies;
    }
}
