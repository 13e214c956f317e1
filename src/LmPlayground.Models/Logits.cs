namespace LmPlayground.Models;

/// <summary>The unnormalised log-probabilities that one call of <see cref="IDecoderSession.Forward"/> gave: [positions, vocabulary].</summary>
/// <remarks>A view of the session's memory, valid until the session's next call. A model that only predicts after its last token gives one position.</remarks>
public readonly ref struct Logits
{
    private readonly ReadOnlySpan<float> _values;

    /// <summary>Views <paramref name="values"/> as rows of <paramref name="vocabularySize"/> logits.</summary>
    /// <exception cref="ArgumentException">The values are not a whole, positive number of rows.</exception>
    public Logits(ReadOnlySpan<float> values, int vocabularySize)
    {
        if (vocabularySize <= 0 || values.IsEmpty || values.Length % vocabularySize != 0)
            throw new ArgumentException($"{values.Length} logits are no whole rows of {vocabularySize}.", nameof(values));
        _values = values;
        VocabularySize = vocabularySize;
    }

    /// <summary>How many logits a position has.</summary>
    public int VocabularySize { get; }

    /// <summary>How many positions there are, at least one.</summary>
    public int Positions => _values.Length / VocabularySize;

    /// <summary>The logits after the token at <paramref name="position"/> of the call, indexed by token id.</summary>
    public ReadOnlySpan<float> this[int position] => _values.Slice(position * VocabularySize, VocabularySize);

    /// <summary>The logits after the last token: what the next token is drawn from.</summary>
    public ReadOnlySpan<float> Last => _values[^VocabularySize..];
}
