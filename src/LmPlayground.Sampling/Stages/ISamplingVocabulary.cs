namespace LmPlayground.Sampling.Stages;

/// <summary>What stages may ask about a model's tokens. Sampling knows no tokenizer: whoever has one implements this.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public interface ISamplingVocabulary
{
    /// <summary>How many logits the model gives.</summary>
    int Size { get; }

    /// <summary>The tokens that end a text.</summary>
    IReadOnlyList<int> EndOfSequenceIds { get; }

    /// <summary>The tokens that end this run besides those.</summary>
    IReadOnlyList<int> StopTokenIds { get; }

    /// <summary>The tokens of a text as it stands inside another one: without the tokens, or the space, that a tokenizer puts around a whole text.</summary>
    IReadOnlyList<int> Encode(string text);

    /// <summary>Every token whose text contains <paramref name="text"/>, in ascending order.</summary>
    IReadOnlyList<int> TokensContaining(string text);
}
