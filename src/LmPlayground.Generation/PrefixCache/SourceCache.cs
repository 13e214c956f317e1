using LmPlayground.Models;

namespace LmPlayground.Generation.PrefixCache;

/// <summary>Keeps the sources that were encoded last, so that going on, trying again and looking back need not encode them anew.</summary>
/// <remarks>Thread-safe. A source that is let go lives on in the sessions that look at it.</remarks>
internal sealed class SourceCache(int capacity) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(SourceModel View, ILanguageModel Encoded)> _sources = [];
    private bool _disposed;

    /// <summary>Encodes a source unless it is here.</summary>
    internal void Read(SourceModel view, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Find(view) is not null)
                return;
        }

        Add(view, view.Encode(cancellationToken))?.Dispose();
    }

    /// <summary>Starts a session that looks at a source, which is encoded again if it was let go.</summary>
    internal IDecoderSession StartSession(SourceModel view)
    {
        lock (_lock)
        {
            if (Find(view) is { } encoded)
                return encoded.StartSession();
        }

        var anew = view.Encode(CancellationToken.None);
        var session = anew.StartSession();
        Add(view, anew)?.Dispose();
        return session;
    }

    /// <summary>Drops the sources of a model that is about to be unloaded.</summary>
    internal void Forget(IModel model) => Drop(source => source.IsMadeOf(model), end: false);

    public void Dispose() => Drop(_ => true, end: true);

    /// <summary>The encoded source, from now on the last one used.</summary>
    private ILanguageModel? Find(SourceModel view)
    {
        for (var node = _sources.First; node is not null; node = node.Next)
        {
            if (!node.Value.View.Equals(view))
                continue;
            _sources.Remove(node);
            _sources.AddFirst(node);
            return node.Value.Encoded;
        }

        return null;
    }

    /// <summary>Keeps an encoded source; returns what had to give way to it.</summary>
    private ILanguageModel? Add(SourceModel view, ILanguageModel encoded)
    {
        lock (_lock)
        {
            // Somebody else may have been as quick.
            if (_disposed || Find(view) is not null)
                return encoded;
            _sources.AddFirst((view, encoded));
            if (_sources.Count <= capacity)
                return null;
            var oldest = _sources.Last!.Value.Encoded;
            _sources.RemoveLast();
            return oldest;
        }
    }

    private void Drop(Func<SourceModel, bool> which, bool end)
    {
        List<ILanguageModel> dropped = [];
        lock (_lock)
        {
            _disposed |= end;
            for (var node = _sources.First; node is not null;)
            {
                var next = node.Next;
                if (which(node.Value.View))
                {
                    dropped.Add(node.Value.Encoded);
                    _sources.Remove(node);
                }

                node = next;
            }
        }

        dropped.ForEach(encoded => encoded.Dispose());
    }
}
