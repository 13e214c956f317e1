using System.Numerics;
using System.Runtime.Intrinsics;

namespace LmPlayground.Sampling.Candidates;

/// <summary>
/// The N greatest of many values without sorting them: a heap of N whose least value is a threshold that whole vectors are compared with.
/// The order is total: greater value first, then lower position.
/// </summary>
internal static class TopSelector
{
    /// <summary>Fills <paramref name="positions"/> with the positions of the greatest values in the total order; -infinity is never selected.</summary>
    /// <returns>How many were selected: fewer than asked for where there are fewer finite values.</returns>
    internal static int Select<T>(ReadOnlySpan<T> values, Span<int> positions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (positions.IsEmpty)
            return 0;
        var count = 0;
        var i = 0;
        for (; i < values.Length && count < positions.Length; i++)
        {
            if (values[i] > T.NegativeInfinity)
                Push(values, positions, count++, i);
        }

        if (count == positions.Length)
            Scan(values, positions, i);
        var selected = positions[..count];
        SortHeap(values, selected);
        return count;
    }

    /// <summary>The same, from the blocks alone whose maximum is at least <paramref name="least"/>, which is at most the last selected value.</summary>
    internal static int Select(
        ReadOnlySpan<float> values, ReadOnlySpan<float> maxima, int size, float least, Span<int> positions)
    {
        var count = 0;
        for (var block = 0; block < maxima.Length; block++)
        {
            if (!(maxima[block] >= least))
                continue;
            var end = Math.Min(values.Length, (block + 1) * size);
            for (var i = block * size; i < end; i++)
            {
                if (!(values[i] >= least) || float.IsNegativeInfinity(values[i]))
                    continue;
                if (count < positions.Length)
                    Push(values, positions, count++, i);
                else if (values[i] > values[positions[0]])
                    SiftDown(values, positions, 0, i);
            }
        }

        SortHeap(values, positions[..count]);
        return count;
    }

    /// <summary>Whether the value at <paramref name="a"/> comes before the one at <paramref name="b"/> in the total order.</summary>
    internal static bool Precedes<T>(ReadOnlySpan<T> values, int a, int b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        values[a] > values[b] || (values[a] == values[b] && a < b);

    private static void Scan<T>(ReadOnlySpan<T> values, Span<int> heap, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A later position never displaces an equal value, so only strictly greater ones matter.
        var threshold = values[heap[0]];
        var width = Vector512<T>.Count;
        for (; i + width <= values.Length; i += width)
        {
            if (!Vector512.GreaterThanAny(Vector512.Create(values.Slice(i, width)), Vector512.Create(threshold)))
                continue;
            for (var j = i; j < i + width; j++)
                threshold = Offer(values, heap, j, threshold);
        }

        for (; i < values.Length; i++)
            threshold = Offer(values, heap, i, threshold);
    }

    private static T Offer<T>(ReadOnlySpan<T> values, Span<int> heap, int position, T threshold)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(values[position] > threshold))
            return threshold;
        SiftDown(values, heap, 0, position);
        return values[heap[0]];
    }

    // The root is the last of the selected in the total order.
    private static void Push<T>(ReadOnlySpan<T> values, Span<int> heap, int at, int position)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!Precedes(values, heap[parent], position))
                break;
            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = position;
    }

    private static void SiftDown<T>(ReadOnlySpan<T> values, Span<int> heap, int at, int position)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= heap.Length)
                break;
            if (child + 1 < heap.Length && Precedes(values, heap[child], heap[child + 1]))
                child++;
            if (!Precedes(values, position, heap[child]))
                break;
            heap[at] = heap[child];
            at = child;
        }

        heap[at] = position;
    }

    private static void SortHeap<T>(ReadOnlySpan<T> values, Span<int> heap)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var end = heap.Length - 1; end > 0; end--)
        {
            var last = heap[end];
            heap[end] = heap[0];
            SiftDown(values, heap[..end], 0, last);
        }
    }
}
