using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace LmPlayground.Sampling.Parameters;

/// <summary>Values in order. Immutable; equal lists hold equal values in the same order.</summary>
/// <typeparam name="T">An immutable type.</typeparam>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
    where T : IEquatable<T>
{
    /// <summary>No value.</summary>
    public static readonly ValueList<T> Empty = new([]);

    internal ValueList(ImmutableArray<T> items) => Items = items;

    /// <summary>The values.</summary>
    public ImmutableArray<T> Items { get; }

    /// <inheritdoc/>
    public int Count => Items.Length;

    /// <inheritdoc/>
    public T this[int index] => Items[index];

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes lists.</summary>
public static class ValueList
{
    /// <summary>A list of these values.</summary>
    public static ValueList<T> Create<T>(params ReadOnlySpan<T> values)
        where T : IEquatable<T> =>
        values.IsEmpty ? ValueList<T>.Empty : new([.. values]);
}
