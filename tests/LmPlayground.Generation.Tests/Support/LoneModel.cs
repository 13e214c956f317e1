using LmPlayground.Models;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>A model that does not say that it can run several sequences at once.</summary>
public sealed class LoneModel(ILanguageModel inner) : ILanguageModel
{
    public ModelCard Card => inner.Card;

    public ModelTokenizer Tokenizer => inner.Tokenizer;

    public IDecoderSession StartSession() => inner.StartSession();

    public void Dispose()
    {
    }
}
