using LmPlayground.Models;

namespace LmPlayground.Generation.PrefixCache;

/// <summary>Keeps the sequences of finished runs, so that a run over the same prompt need not read it again.</summary>
/// <remarks>Thread-safe. A sequence that is rented belongs to its run alone.</remarks>
internal sealed class SequenceCache(int capacity) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Sequence> _idle = [];
    private bool _disposed;

    /// <summary>The idle sequence that has read most of <paramref name="plan"/>, rewound to what they share, or a new one.</summary>
    internal Sequence Rent(ILanguageModel model, SequencePlan plan)
    {
        if (TakeBest(model, plan) is not var (sequence, length))
            return new Sequence(model, model.StartSession());
        try
        {
            sequence.RewindTo(length);
            return sequence;
        }
        catch
        {
            sequence.Dispose();
            throw;
        }
    }

    /// <summary>Gives a sequence back that can still be used.</summary>
    internal void Return(Sequence sequence)
    {
        var evicted = sequence;
        lock (_lock)
        {
            if (!_disposed && capacity > 0)
            {
                _idle.AddFirst(sequence);
                evicted = _idle.Count > capacity ? _idle.Last!.Value : null;
                if (evicted is not null)
                    _idle.RemoveLast();
            }
        }

        evicted?.Dispose();
    }

    /// <summary>Drops every idle sequence that was computed with the weights of a model, which is about to be unloaded.</summary>
    internal void Forget(IModel model)
    {
        List<Sequence> dropped;
        lock (_lock)
        {
            dropped = [.. _idle.Where(sequence => sequence.Model.IsMadeOf(model))];
            foreach (var sequence in dropped)
                _idle.Remove(sequence);
        }

        dropped.ForEach(sequence => sequence.Dispose());
    }

    public void Dispose()
    {
        List<Sequence> dropped;
        lock (_lock)
        {
            _disposed = true;
            dropped = [.. _idle];
            _idle.Clear();
        }

        dropped.ForEach(sequence => sequence.Dispose());
    }

    private (Sequence Sequence, int Length)? TakeBest(ILanguageModel model, SequencePlan plan)
    {
        lock (_lock)
        {
            var best = _idle
                .Where(sequence => sequence.Model.Equals(model))
                .Select(sequence => (Sequence: sequence, Length: sequence.ReusableLength(plan)))
                .OrderByDescending(found => found.Length)
                .FirstOrDefault();

            // Nothing in common: leave the others their prefixes while there is room for one more.
            if (best.Sequence is null || (best.Length == 0 && _idle.Count < capacity))
                return null;
            _idle.Remove(best.Sequence);
            return best;
        }
    }
}
