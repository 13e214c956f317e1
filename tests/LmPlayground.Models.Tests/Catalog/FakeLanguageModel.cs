using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Tests;

namespace LmPlayground.Models.Tests.Catalog;

internal sealed class FakeLanguageModel(ModelSource source) : ILanguageModel
{
    public bool IsDisposed { get; private set; }

    public ModelCard Card { get; init; } = new()
    {
        Id = source.Id,
        Name = source.Name,
        Architecture = "fake",
        Kind = ModelKind.Recurrent,
        VocabularySize = 1,
        ContextLength = null,
    };

    public ModelTokenizer Tokenizer => TestTokenizers.Embedded;

    public IDecoderSession StartSession() => throw new NotSupportedException();

    public void Dispose() => IsDisposed = true;
}
