using System.Diagnostics.CodeAnalysis;
using System.Text;
using LmPlayground.Demos;

namespace LmPlayground.Web.Viewing;

/// <summary>Answers that were made, compressed, by demo and by what was asked of it: as many as have room, those that were used last.</summary>
/// <param name="mostBytes">The room.</param>
/// <param name="time">The clock: what has expired is no longer handed out.</param>
internal sealed class DemoCache(long mostBytes, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(DemoAsked Asked, DemoAnswer Answer)> _used = [];
    private readonly Dictionary<DemoAsked, LinkedListNode<(DemoAsked Asked, DemoAnswer Answer)>> _entries = [];
    private long _bytes;

    /// <summary>How many bytes are kept.</summary>
    internal long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>An answer that is kept: whether its demo is still as it was, <see cref="DemoAnswer.State"/> says.</summary>
    internal bool TryGet(DemoAsked asked, [NotNullWhen(true)] out DemoAnswer? answer)
    {
        lock (_lock)
        {
            answer = null;
            if (!_entries.TryGetValue(asked, out var node))
                return false;
            if (node.Value.Answer.State.ExpiresAt <= time.GetUtcNow())
            {
                Remove(node);
                return false;
            }

            _used.Remove(node);
            _used.AddFirst(node);
            answer = node.Value.Answer;
            return true;
        }
    }

    /// <summary>Keeps an answer.</summary>
    internal void Keep(DemoAsked asked, DemoAnswer answer)
    {
        lock (_lock)
        {
            if (answer.Body.Length > mostBytes)
                return;
            if (_entries.TryGetValue(asked, out var old))
                Remove(old);
            _entries[asked] = _used.AddFirst((asked, answer));
            _bytes += answer.Body.Length;
            while (_bytes > mostBytes)
                Remove(_used.Last!);
        }
    }

    /// <summary>Forgets a demo, so that nothing of it stays in memory.</summary>
    internal void Drop(string id) => Drop(HashOf(id));

    /// <summary>The same, where only the hash of its id is known.</summary>
    internal void Drop(Hash256 id)
    {
        lock (_lock)
        {
            foreach (var node in _entries.Values.Where(node => HashOf(node.Value.Asked.Id) == id).ToList())
                Remove(node);
        }
    }

    // The same as DemoId's, for any id.
    private static Hash256 HashOf(string id) => Hash256.Of(Encoding.UTF8.GetBytes(id));

    private void Remove(LinkedListNode<(DemoAsked Asked, DemoAnswer Answer)> node)
    {
        _used.Remove(node);
        _entries.Remove(node.Value.Asked);
        _bytes -= node.Value.Answer.Body.Length;
    }
}

/// <summary>What is asked of a demo.</summary>
/// <param name="Id">The demo.</param>
/// <param name="Kind">Which of its answers: "page", "embed", "report", "html", "json", "csv", "png" or "bin".</param>
/// <param name="Language">The language of the texts.</param>
/// <param name="Theme">The theme that the visitor chose, or null.</param>
/// <param name="Token">The selected token, from 0.</param>
/// <param name="Run">The run that is shown, a place among the demo's.</param>
/// <param name="Origin">Where it was asked for, which a page names to chat programs: "https://play.example"; empty for other kinds.</param>
internal sealed record DemoAsked(
    string Id, string Kind, string Language = "", string? Theme = null, int Token = 0, int Run = 0, string Origin = "");

/// <summary>An answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Body">The body, compressed by Brotli unless it is a picture, which is compressed in itself.</param>
internal sealed record DemoAnswer(int Status, string ContentType, byte[] Body)
{
    private static readonly DemoState NotThere = new("", null);

    /// <summary>How the demo was that it was made of.</summary>
    internal DemoState State { get; init; } = NotThere;

    /// <summary>The type of a picture.</summary>
    internal const string Picture = "image/png";

    /// <summary>Whether the body is compressed by Brotli.</summary>
    internal bool IsPacked => ContentType != Picture;
}
