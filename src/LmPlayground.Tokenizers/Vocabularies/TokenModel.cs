namespace LmPlayground.Tokenizers.Vocabularies;

/// <summary>The third step: one word to tokens of a vocabulary.</summary>
/// <remarks>Thread-safe.</remarks>
internal abstract class TokenModel(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Adds the tokens of a word that is not empty.</summary>
    public abstract void Tokenize(ReadOnlySpan<char> word, List<ModelToken> output);
}

/// <summary>One token of a word.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">Where it begins, in bytes of the word's UTF-8.</param>
/// <param name="End">Where it ends, in bytes of the word's UTF-8.</param>
internal readonly record struct ModelToken(int Id, int Start, int End);
