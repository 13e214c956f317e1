using LmPlayground.Models.Tokenization;

namespace LmPlayground.Models.Catalog;

/// <summary>A model's weights with its tokenizer and card.</summary>
internal sealed class LoadedModel(ModelCard card, ModelTokenizer tokenizer, ISessionSource sessions) : ILanguageModel
{
    public ModelCard Card { get; } = card;

    public ModelTokenizer Tokenizer { get; } = tokenizer;

    /// <summary>What computes: the benchmarks run a loop of their own over it.</summary>
    internal ISessionSource Sessions { get; } = sessions;

    public IDecoderSession StartSession() => Sessions.StartSession();

    public void Dispose() => Sessions.Dispose();
}
