using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace LmPlayground.Sampling.Stages;

/// <summary>Texts in order. Immutable; equal lists hold equal texts in the same order.</summary>
[CollectionBuilder(typeof(TextList), nameof(Create))]
public sealed class TextList : IReadOnlyList<string>, IEquatable<TextList>
{
    /// <summary>No text.</summary>
    public static readonly TextList Empty = new([]);

    private readonly ImmutableArray<string> _texts;

    private TextList(ImmutableArray<string> texts) => _texts = texts;

    /// <inheritdoc/>
    public int Count => _texts.Length;

    /// <inheritdoc/>
    public string this[int index] => _texts[index];

    /// <summary>A list of these texts.</summary>
    public static TextList Create(params ReadOnlySpan<string> texts) => texts.IsEmpty ? Empty : new([.. texts]);

    /// <inheritdoc/>
    public bool Equals(TextList? other) => other is not null && _texts.AsSpan().SequenceEqual(other._texts.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TextList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var text in _texts)
            hash.Add(text, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_texts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
