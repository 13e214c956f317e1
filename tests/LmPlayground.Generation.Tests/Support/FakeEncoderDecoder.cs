using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>An encoder-decoder of bytes: each source makes a model that says other things.</summary>
public sealed class FakeEncoderDecoder : IEncoderDecoderModel
{
    private readonly List<Encoded> _encoded = [];

    public ModelCard Card { get; set; } = new()
    {
        Id = "fake",
        Name = "Fake",
        Architecture = "fake",
        Kind = ModelKind.EncoderDecoder,
        VocabularySize = FakeModel.VocabularySize,
        ContextLength = 512,
        SourceContextLength = 10,
        PromptPrefixIds = [1],
    };

    public ModelTokenizer Tokenizer { get; } = new FakeModel().Tokenizer;

    public int Encodings => _encoded.Count;

    public int Alive => _encoded.Count(model => !model.IsDisposed);

    public ILanguageModel Encode(ReadOnlySpan<int> sourceIds, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sum = 0;
        foreach (var id in sourceIds)
            sum = sum * 31 + id;
        var encoded = new Encoded(Card, sum);
        lock (_encoded)
            _encoded.Add(encoded);
        return encoded;
    }

    public void Dispose()
    {
    }

    private sealed class Encoded(ModelCard card, int source) : ILanguageModel
    {
        private readonly FakeModel _model = new()
        {
            Card = card,
            Script = history =>
            {
                var random = new Random(history.Aggregate(source, (hash, id) => unchecked(hash * 31 + id)));
                return [.. Enumerable.Range(0, FakeModel.VocabularySize).Select(_ => (float)random.NextDouble() * 9)];
            },
        };

        public bool IsDisposed { get; private set; }

        public ModelCard Card => card;

        public ModelTokenizer Tokenizer => _model.Tokenizer;

        public IDecoderSession StartSession()
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _model.StartSession();
        }

        public void Dispose() => IsDisposed = true;
    }
}
