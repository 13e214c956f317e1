using System.Numerics;

namespace LmPlayground.Sampling.History;

/// <summary>A number for each of few tokens: a hash table of open addressing that keeps the order of arrival.</summary>
/// <remarks>Keeps its buffers. Not thread-safe.</remarks>
internal sealed class TokenTable
{
    private int[] _slots = [];
    private int[] _ids = [];
    private int[] _values = [];
    private int _count;

    /// <summary>The tokens, in the order in which they first came.</summary>
    internal ReadOnlySpan<int> Ids => _ids.AsSpan(0, _count);

    /// <summary>Their numbers.</summary>
    internal ReadOnlySpan<int> Values => _values.AsSpan(0, _count);

    /// <summary>Empties the table and makes room for <paramref name="capacity"/> tokens.</summary>
    internal void Reset(int capacity)
    {
        _count = 0;
        if (_ids.Length < capacity)
        {
            var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity));
            _ids = new int[size];
            _values = new int[size];
            _slots = new int[2 * size];
        }

        Array.Clear(_slots);
    }

    /// <summary>Counts every token of <paramref name="history"/>.</summary>
    internal void CountAll(ReadOnlySpan<int> history)
    {
        Reset(history.Length);
        foreach (var id in history)
            this[id]++;
    }

    /// <summary>The number of a token, 0 for one that is new.</summary>
    internal ref int this[int id]
    {
        get
        {
            // A slot holds the index of its token, counted from 1.
            var slot = (int)((uint)id * 2654435769u >> BitOperations.LeadingZeroCount((uint)_slots.Length - 1));
            while (_slots[slot] != 0)
            {
                if (_ids[_slots[slot] - 1] == id)
                    return ref _values[_slots[slot] - 1];
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _ids[_count] = id;
            _values[_count] = 0;
            _slots[slot] = ++_count;
            return ref _values[_count - 1];
        }
    }
}
