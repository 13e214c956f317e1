using System.Collections.Immutable;

namespace LmPlayground.Generation.Metrics;

/// <summary>Some tokens in a row; equal rows are equal n-grams.</summary>
internal readonly struct NGram(ImmutableArray<int> sequence, int start, int length) : IEquatable<NGram>
{
    private readonly ReadOnlyMemory<int> _tokens = sequence.AsMemory().Slice(start, length);

    internal static IEnumerable<NGram> Of(ImmutableArray<int> sequence, int n) =>
        Enumerable.Range(0, Math.Max(0, sequence.Length - n + 1)).Select(start => new NGram(sequence, start, n));

    internal static Dictionary<NGram, int> Count(ImmutableArray<int> sequence, int n) =>
        Of(sequence, n).CountBy(gram => gram).ToDictionary();

    public bool Equals(NGram other) => _tokens.Span.SequenceEqual(other._tokens.Span);

    public override bool Equals(object? obj) => obj is NGram other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var token in _tokens.Span)
            hash.Add(token);
        return hash.ToHashCode();
    }
}
