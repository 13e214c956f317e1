using LmPlayground.Models.Tokenization;

namespace LmPlayground.Models.Catalog;

/// <summary>A model's weights with its tokenizer and card.</summary>
internal sealed class LoadedModel(ModelCard card, ModelTokenizer tokenizer, ISessionSource sessions) : ILanguageModel
{
    public ModelCard Card { get; } = card;

    public ModelTokenizer Tokenizer { get; } = tokenizer;

    public IDecoderSession StartSession() => sessions.StartSession();

    public void Dispose() => sessions.Dispose();
}
