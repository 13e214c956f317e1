using System.Runtime.InteropServices;

namespace LmPlayground.Runs.Jobs;

/// <summary>Numbers the turns of those who share something equally: the lowest number is next. Not thread-safe.</summary>
/// <remarks>
/// Start-time fair queueing (Goyal, Vin, Cheng 1996) with turns of equal weight. The turns of each are numbered one after another, from the
/// present round on. One who has had turns lately comes after one who has had none, and no number grows while somebody waits, so that no
/// stream of others holds anybody up for ever.
/// </remarks>
internal sealed class FairRounds
{
    private readonly Dictionary<string, Sharer> _sharers = [];
    private long _present;

    /// <summary>The number of the next turn of one.</summary>
    internal long NextOf(string name) => _sharers.TryGetValue(name, out var sharer) ? Math.Max(_present, sharer.Last + 1) : _present;

    /// <summary>Notes that one has a turn.</summary>
    /// <param name="name">Who.</param>
    /// <param name="othersWait">Whether anybody waits, so that turns have to be counted.</param>
    internal void Begin(string name, bool othersWait)
    {
        var turn = _present = NextOf(name);
        ref var sharer = ref CollectionsMarshal.GetValueRefOrAddDefault(_sharers, name, out _);
        sharer = new Sharer(turn, sharer.Running + 1);
        Prune(othersWait);
    }

    /// <summary>Notes that one who had a turn has left; false where nobody has one any more.</summary>
    internal bool End(string name)
    {
        var sharer = _sharers[name];
        _sharers[name] = sharer with { Running = sharer.Running - 1 };
        return _sharers.Values.Any(other => other.Running > 0);
    }

    /// <summary>Forgets those whose past decides nothing any more.</summary>
    private void Prune(bool othersWait)
    {
        foreach (var (name, sharer) in _sharers)
        {
            if (sharer.Running == 0 && (!othersWait || sharer.Last < _present))
                _sharers.Remove(name);
        }
    }

    private readonly record struct Sharer(long Last, int Running);
}
