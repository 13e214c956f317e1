using System.Collections.Immutable;
using LmPlayground.Generation.PrefixCache;
using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Search;

/// <summary>The prompt that all sequences of a search begin with: read once, from the prefix cache where it is there, and forked from.</summary>
internal sealed class PromptRoot : IDisposable
{
    private const int LongPrompt = 1024;

    private readonly SearchRun _run;
    private readonly SequenceLease _lease;
    private readonly TokenStreamDecoder _decoder;
    private readonly int[] _token = new int[1];
    private readonly HypothesisBatch? _batch;
    private float[]? _logits;
    private bool _failed;

    internal PromptRoot(SearchRun run)
    {
        _run = run;
        var request = run.Request;
        History = [.. request.PromptIds, .. request.ContinuedIds];
        PromptEncoder.Check(request.Model, [.. History]);

        // Some tokenizers decode a token differently at the beginning of a text: the prompt goes through the decoder first.
        _decoder = request.Model.Tokenizer.StartStream();
        foreach (var id in History)
            _decoder.Append(id);
        _batch = HypothesisBatch.For(run);
        _lease = run.Engine.Rent(request);
    }

    /// <summary>The prompt and the tokens that the search continues.</summary>
    internal ImmutableArray<int> History { get; }

    /// <summary>
    /// How many tokens a given-up session may read again to become another one rather than that one is forked. Forks of growing caches,
    /// recurrent states and windows cost less than one pass (0.1 against 1.3 ms for the embedded Transformer), so nothing is read again there.
    /// A fork of a shared buffer costs about one pass, and more the longer the sequence is: with 135 million parameters in 4 bits a step of
    /// four beams takes 45.6 ms rather than 48.2 after 12 tokens and 71.6 rather than 76.1 after 661 where one token may be read again, and 124.7
    /// rather than 141.8 after 1,761 where two may.
    /// </summary>
    internal int MostReread => _run.Request.Model.Card.Kind != ModelKind.SharedCacheDecoder ? 0 : History.Length < LongPrompt ? 1 : 2;

    /// <summary>Whether the sequences are rows of a batch, and no sessions.</summary>
    internal bool IsBatched => _batch is not null;

    /// <summary>The empty sequence after the prompt.</summary>
    internal Hypothesis Begin() => new(this, _decoder);

    /// <summary>The logits after the prompt, which is read when they are first asked for.</summary>
    internal ReadOnlySpan<float> Logits(CancellationToken cancellationToken)
    {
        _logits ??= Guard(() => _lease.ReadAll(share => _run.PromptProgress = share, cancellationToken).ToArray());
        _run.PromptProgress = 1;
        return _logits;
    }

    /// <summary>Reads the last token of all live sequences at once, if they are rows of a batch; if not, each is read when its logits are asked for.</summary>
    internal void Read(IReadOnlyList<Hypothesis> live, CancellationToken cancellationToken)
    {
        if (_batch is not null && live.Count > 0 && !live[0].Ids.IsEmpty)
            _batch.Read(live, _lease.Fork, cancellationToken);
    }

    /// <summary>The logits after the sequence in a row of the batch.</summary>
    internal ReadOnlySpan<float> LogitsOf(int row) => _batch!.LogitsOf(row);

    /// <summary>Reads one generated token in a session that was forked from the prompt.</summary>
    internal ReadOnlySpan<float> Forward(IDecoderSession session, int token, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _token[0] = token;
        var logits = session.Forward(_token, cancellationToken).Last;
        _run.ForwardPasses++;
        return logits;
    }

    /// <summary>A session that has read what <paramref name="session"/> has, or the prompt for null.</summary>
    internal IDecoderSession Fork(IDecoderSession? session)
    {
        if (session is null)
            return _lease.Fork();
        _run.Forks++;
        return session.Fork();
    }

    public void Dispose()
    {
        // The prompt's own sequence only ever reads the prompt: what goes wrong after it does not touch it.
        if (!_failed)
            _lease.Keep();
        _lease.Dispose();
        _batch?.Dispose();
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failed = true;
            throw;
        }
    }
}
