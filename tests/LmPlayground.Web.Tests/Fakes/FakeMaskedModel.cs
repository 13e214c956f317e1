using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>A masked model that only reads: its mask is the special token of <see cref="FakeTokenizerList.Tokenizer"/>.</summary>
internal sealed class FakeMaskedModel : IMaskedModel
{
    public ModelCard Card { get; } = new()
    {
        Id = "masked",
        Name = "Masked",
        Architecture = "bert",
        Kind = ModelKind.Masked,
        VocabularySize = 300,
        ContextLength = 64,
        MaskToken = "<s>",
    };

    public ModelTokenizer Tokenizer => FakeTokenizerList.Tokenizer;

    public int MaskId => 257;

    public void Predict(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
