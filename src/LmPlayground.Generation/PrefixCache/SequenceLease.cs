using LmPlayground.Models;

namespace LmPlayground.Generation.PrefixCache;

/// <summary>A sequence for the time of one run. It goes back to the cache if the model did not fail in it.</summary>
internal sealed class SequenceLease : IDisposable
{
    private readonly SequenceCache _cache;
    private readonly SequencePlan _plan;
    private readonly Sequence _sequence;
    private bool _keep;

    internal SequenceLease(SequenceCache cache, ILanguageModel model, SequencePlan plan)
    {
        _cache = cache;
        _plan = plan;
        _sequence = cache.Rent(model, plan);
        CachedLength = _sequence.Length;
    }

    /// <summary>How many tokens of the plan were in the cache.</summary>
    internal int CachedLength { get; }

    /// <summary>Reads what is left of the plan, piece by piece; returns the logits after its last token.</summary>
    /// <param name="progress">Called with the share that has been read, after each piece.</param>
    /// <param name="cancellationToken">Stops inside a piece.</param>
    internal ReadOnlySpan<float> ReadAll(Action<double>? progress, CancellationToken cancellationToken)
    {
        var logits = _sequence.KeptLogits;
        foreach (var end in _plan.Ends)
        {
            if (end <= _sequence.Length)
                continue;
            logits = Forward(_plan.Tokens.AsSpan()[_sequence.Length..end], cancellationToken);
            if (end == _plan.PromptLength)
                _sequence.Keep(logits);
            progress?.Invoke((double)end / _plan.Tokens.Length);
        }

        return logits;
    }

    /// <summary>Reads a piece; returns the logits after its last token, valid until the next call.</summary>
    internal ReadOnlySpan<float> Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken) =>
        ForwardAll(tokens, cancellationToken).Last;

    /// <summary>Reads a piece; returns the logits after each of its tokens, or after the last alone where the model gives no others.</summary>
    internal Logits ForwardAll(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return _sequence.Forward(tokens, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A cancelled session is as it was before the call.
            _keep = true;
            throw;
        }
    }

    /// <summary>A session that has read what the sequence has. The caller disposes it.</summary>
    internal IDecoderSession Fork() => _sequence.Fork();

    /// <summary>Says that the sequence may be used again.</summary>
    internal void Keep() => _keep = true;

    public void Dispose()
    {
        if (_keep)
            _cache.Return(_sequence);
        else
            _sequence.Dispose();
    }
}
