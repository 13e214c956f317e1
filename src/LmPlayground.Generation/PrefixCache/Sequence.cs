using System.Runtime.InteropServices;
using LmPlayground.Models;

namespace LmPlayground.Generation.PrefixCache;

/// <summary>A decoder session together with the tokens it has read and the pieces in which it read them.</summary>
internal sealed class Sequence(ILanguageModel model, IDecoderSession session) : IDisposable
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _ends = [];
    private float[] _kept = [];
    private int _keptAt;

    internal ILanguageModel Model { get; } = model;

    internal int Length => _tokens.Count;

    /// <summary>The logits after the last token of the prompt that was read last, if the sequence ends there; else empty.</summary>
    internal ReadOnlySpan<float> KeptLogits => _keptAt == Length && Length > 0 ? _kept : default;

    /// <summary>Reads a piece; returns the logits that the model gives for it, valid until the next call.</summary>
    internal Logits Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        var logits = session.Forward(tokens, cancellationToken);
        _tokens.AddRange(tokens);
        _ends.Add(_tokens.Count);
        return logits;
    }

    /// <summary>A session that has read the same and goes its own way. The caller disposes it.</summary>
    internal IDecoderSession Fork() => session.Fork();

    /// <summary>Keeps logits for the next run over the same prompt, which then need not run the model before its first token.</summary>
    internal void Keep(ReadOnlySpan<float> logits)
    {
        if (_kept.Length != logits.Length)
            _kept = new float[logits.Length];
        logits.CopyTo(_kept);
        _keptAt = Length;
    }

    /// <summary>How many tokens of <paramref name="plan"/> need not be read again: all but its last piece, and that too if its logits were kept.</summary>
    internal int ReusableLength(SequencePlan plan)
    {
        var mine = CollectionsMarshal.AsSpan(_tokens);
        var common = mine.CommonPrefixLength(plan.Tokens.AsSpan());
        var most = _keptAt == plan.Tokens.Length ? plan.Ends.Length : plan.Ends.Length - 1;
        var pieces = 0;
        while (pieces < _ends.Count && pieces < most && _ends[pieces] == plan.Ends[pieces] && _ends[pieces] <= common)
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
        if (length < _keptAt)
            _keptAt = 0;
        _tokens.RemoveRange(length, _tokens.Count - length);
        _ends.RemoveAll(end => end > length);
    }

    public void Dispose() => session.Dispose();
}
