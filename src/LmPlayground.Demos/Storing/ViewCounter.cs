using System.Collections.Concurrent;

namespace LmPlayground.Demos.Storing;

/// <summary>
/// Views that wait to be written down. Counts only: who looked, and when, is nowhere. What a crash loses is the views since the last sweep.
/// </summary>
internal sealed class ViewCounter
{
    private readonly ConcurrentDictionary<Hash256, long> _waiting = new();

    internal void Add(Hash256 id, long views) => _waiting.AddOrUpdate(id, views, (_, before) => before + views);

    internal long Of(Hash256 id) => _waiting.GetValueOrDefault(id);

    /// <summary>Takes all that waits; who cannot write it down gives it back by <see cref="Add"/>.</summary>
    internal IReadOnlyList<KeyValuePair<Hash256, long>> Take()
    {
        var taken = new List<KeyValuePair<Hash256, long>>();
        foreach (var id in _waiting.Keys)
            if (_waiting.TryRemove(id, out var views))
                taken.Add(new(id, views));
        return taken;
    }
}
