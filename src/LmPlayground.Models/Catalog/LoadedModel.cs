using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Catalog;

/// <summary>A model's weights with its tokenizer and card.</summary>
internal sealed class LoadedModel(ModelCard card, ModelTokenizer tokenizer, ISessionSource sessions) : IBatchingModel
{
    public ModelCard Card { get; } = card;

    public ModelTokenizer Tokenizer { get; } = tokenizer;

    /// <summary>What computes: the benchmarks run a loop of their own over it.</summary>
    internal ISessionSource Sessions { get; } = sessions;

    public bool BatchesKeepBits => Sessions.BatchesKeepBits;

    public IDecoderSession StartSession() => Sessions.StartSession();

    public IDecoderBatch StartBatch(IReadOnlyList<IDecoderSession> sessions) => Sessions.StartBatch(sessions);

    public void Dispose() => Sessions.Dispose();
}
