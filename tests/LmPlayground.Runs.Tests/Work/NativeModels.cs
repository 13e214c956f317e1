using LmPlayground.Generation.Tests.Masking;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Runs.Tests.Work;

/// <summary>A model of bytes whose weights and sessions are booked in a ledger.</summary>
internal class NativeModel(NativeLedger ledger, FakeModel inner, params IEnumerable<NativeLedger.Handle> weights) : ILanguageModel
{
    private readonly NativeLedger.Handle _handle = ledger.Allocate("model", weights);

    public ModelCard Card { get; } = inner.Card with { Id = "model" };

    public ModelTokenizer Tokenizer => inner.Tokenizer;

    public IDecoderSession StartSession() => new Session(ledger, _handle, inner.StartSession());

    public void Dispose() => _handle.Dispose();

    private sealed class Session(NativeLedger ledger, NativeLedger.Handle model, IDecoderSession inner) : IDecoderSession
    {
        private readonly NativeLedger.Handle _handle = ledger.Allocate("session", model);

        public int Length => inner.Length;

        public int ContextLength => inner.ContextLength;

        public Logits Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
        {
            _handle.Pass(cancellationToken);
            return inner.Forward(tokens, CancellationToken.None);
        }

        public int NearestRewind(int length) => inner.NearestRewind(length);

        public void RewindTo(int length) => inner.RewindTo(length);

        public IDecoderSession Fork() => new Session(ledger, model, inner.Fork());

        public void Dispose() => _handle.Dispose();
    }
}

/// <summary>The same, with rows that run together.</summary>
internal sealed class NativeBatchingModel(NativeLedger ledger, FakeModel inner) : NativeModel(ledger, inner), IBatchingModel
{
    public bool BatchesKeepBits => true;

    public IDecoderBatch StartBatch(IReadOnlyList<IDecoderSession> sessions) => new BatchingModel(this).StartBatch(sessions);
}

/// <summary>An encoder-decoder whose sources are booked too.</summary>
internal sealed class NativeEncoderDecoder(NativeLedger ledger) : IEncoderDecoderModel
{
    private readonly NativeLedger.Handle _handle = ledger.Allocate("model");
    private readonly FakeModel _decoder = new();

    public ModelCard Card => _decoder.Card with { Id = "model", Kind = ModelKind.EncoderDecoder, SourceContextLength = 100 };

    public ModelTokenizer Tokenizer => _decoder.Tokenizer;

    public ILanguageModel Encode(ReadOnlySpan<int> sourceIds, CancellationToken cancellationToken = default)
    {
        _handle.Pass(cancellationToken);
        return new Source(ledger, _decoder, _handle);
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>A source lives on in its sessions: freeing it under them is allowed, as the interface's own models count their users.</summary>
    private sealed class Source(NativeLedger ledger, FakeModel decoder, NativeLedger.Handle weights) : ILanguageModel
    {
        private readonly NativeModel _model = new(ledger, decoder, weights);
        private int _users = 1;

        public ModelCard Card => decoder.Card;

        public ModelTokenizer Tokenizer => decoder.Tokenizer;

        public IDecoderSession StartSession()
        {
            Interlocked.Increment(ref _users);
            return new Counted(this, _model.StartSession());
        }

        public void Dispose() => Leave();

        private void Leave()
        {
            if (Interlocked.Decrement(ref _users) == 0)
                _model.Dispose();
        }

        private sealed class Counted(Source source, IDecoderSession inner) : IDecoderSession
        {
            public int Length => inner.Length;

            public int ContextLength => inner.ContextLength;

            public Logits Forward(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default) => inner.Forward(tokens, cancellationToken);

            public int NearestRewind(int length) => inner.NearestRewind(length);

            public void RewindTo(int length) => inner.RewindTo(length);

            public IDecoderSession Fork()
            {
                Interlocked.Increment(ref source._users);
                return new Counted(source, inner.Fork());
            }

            public void Dispose()
            {
                inner.Dispose();
                source.Leave();
            }
        }
    }
}

/// <summary>A masked model whose weights are booked.</summary>
internal sealed class NativeMaskedModel(NativeLedger ledger) : IMaskedModel
{
    private readonly NativeLedger.Handle _handle = ledger.Allocate("model");
    private readonly FakeMaskedModel _inner = new();

    public ModelCard Card => _inner.Card with { Id = "model" };

    public ModelTokenizer Tokenizer => _inner.Tokenizer;

    public int MaskId => _inner.MaskId;

    public void Predict(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellationToken = default)
    {
        _handle.Pass(cancellationToken);
        _inner.Predict(tokens, logits, CancellationToken.None);
    }

    public void Dispose() => _handle.Dispose();
}
