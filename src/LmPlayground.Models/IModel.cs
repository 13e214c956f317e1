using LmPlayground.Tokenizers;

namespace LmPlayground.Models;

/// <summary>A loaded model of any kind: an <see cref="ILanguageModel"/>, an <see cref="IEncoderDecoderModel"/> or an <see cref="IMaskedModel"/>.</summary>
/// <remarks>Thread-safe. The weights are in memory once. Dispose it after its last use.</remarks>
public interface IModel : IDisposable
{
    /// <summary>What is known of the model without running it.</summary>
    ModelCard Card { get; }

    /// <summary>The tokenizer whose ids the model's logits are indexed by.</summary>
    ModelTokenizer Tokenizer { get; }
}
