namespace LmPlayground.Sampling.Candidates;

/// <summary>
/// A contiguous part of the total order, ends included: what every truncation keeps. It is given by its first and last token, as a
/// value and, among equal values, a position.
/// </summary>
/// <param name="High">The greatest value.</param>
/// <param name="From">The first position that stays of those with the greatest value.</param>
/// <param name="Low">The least value.</param>
/// <param name="To">The last position that stays of those with the least value.</param>
internal readonly record struct Band(float High, int From, float Low, int To)
{
    /// <summary>Everything from the value <paramref name="low"/> up, ties included.</summary>
    internal static Band DownTo(float low, int position = int.MaxValue) => new(float.MaxValue, 0, low, position);

    internal bool Holds(float value, int position) =>
        (value > Low || (value == Low && position <= To)) && (value < High || (value == High && position >= From));
}
