using LmPlayground.Models.Onnx.Sessions;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Catalog;

/// <summary>A masked model's weights with its tokenizer and card.</summary>
internal sealed class MaskedModel(ModelCard card, ModelTokenizer tokenizer, OnnxMaskedModel weights, int maskId) : IMaskedModel
{
    public ModelCard Card { get; } = card;

    public ModelTokenizer Tokenizer { get; } = tokenizer;

    public int MaskId { get; } = maskId;

    public void Predict(ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancellationToken = default) =>
        weights.Predict(tokens, logits, cancellationToken);

    public void Dispose() => weights.Dispose();
}
