using System.Runtime.InteropServices;
using LmPlayground.Models;

namespace LmPlayground.Generation.PrefixCache;

/// <summary>A decoder session together with the tokens it has read and the pieces in which it read them.</summary>
internal sealed class Sequence(ILanguageModel model, IDecoderSession session) : IDisposable
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _ends = [];

    internal ILanguageModel Model { get; } = model;

    internal int Length => _tokens.Count;

    /// <summary>Reads a piece; returns the logits after its last token, valid until the next call.</summary>
    internal ReadOnlySpan<float> Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        var logits = session.Forward(tokens, cancellationToken);
        _tokens.AddRange(tokens);
        _ends.Add(_tokens.Count);
        return logits.Last;
    }

    /// <summary>How many tokens of <paramref name="plan"/> need not be read again; at least its last piece must, for its logits.</summary>
    internal int ReusableLength(SequencePlan plan)
    {
        var mine = CollectionsMarshal.AsSpan(_tokens);
        var common = mine.CommonPrefixLength(plan.Tokens.AsSpan());
        var pieces = 0;
        while (pieces < _ends.Count && pieces < plan.Ends.Length - 1 && _ends[pieces] == plan.Ends[pieces] && _ends[pieces] <= common)
            pieces++;

        // A recurrent state can only go back to a snapshot, which may lie before the end of the last common piece.
        while (pieces > 0 && session.NearestRewind(_ends[pieces - 1]) != _ends[pieces - 1])
            pieces--;
        return pieces == 0 ? 0 : _ends[pieces - 1];
    }

    /// <summary>Forgets everything after the first <paramref name="length"/> tokens, the end of a piece or 0.</summary>
    internal void RewindTo(int length)
    {
        session.RewindTo(length);
        _tokens.RemoveRange(length, _tokens.Count - length);
        _ends.RemoveAll(end => end > length);
    }

    public void Dispose() => session.Dispose();
}
