using System.Collections.Immutable;

namespace LmPlayground.Generation.Search;

/// <summary>The best finished sequences of a group, best first; of equal ones the earlier stays in front.</summary>
internal sealed class FinishedBeams(int capacity)
{
    /// <summary>Best first.</summary>
    internal ImmutableArray<Beam> Beams { get; private set; } = [];

    /// <summary>Whether there are as many as beams.</summary>
    internal bool IsFull => Beams.Length == capacity;

    /// <summary>The score that a sequence must exceed to get in.</summary>
    internal double Worst => IsFull ? Beams[^1].Score : double.NegativeInfinity;

    internal void Add(Beam beam)
    {
        var place = Beams.Length;
        while (place > 0 && Beams[place - 1].Score < beam.Score)
            place--;
        Beams = Beams.Insert(place, beam);
        if (Beams.Length > capacity)
            Beams = Beams.RemoveAt(capacity);
    }
}
