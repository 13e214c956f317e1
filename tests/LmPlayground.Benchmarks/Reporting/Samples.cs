namespace LmPlayground.Benchmarks.Reporting;

/// <summary>What repeated measurements of one thing gave.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    /// <summary>How many there are.</summary>
    internal int Count => _values.Count;

    /// <summary>One of them.</summary>
    internal double this[int index] => _values[index];

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    internal double Median => Quantile(0.5);

    internal void Add(double value) => _values.Add(value);

    /// <summary>The value below which a share of the values lies, by linear interpolation.</summary>
    internal double Quantile(double share)
    {
        var sorted = _values.Order().ToArray();
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
