namespace LmPlayground.Tokenizers.Text;

/// <summary>A stretch of a normalised text: what a pre-tokenizer takes and gives.</summary>
internal readonly record struct TextPiece(NormalizedText Source, int Start, int Length)
{
    public ReadOnlySpan<char> Span => Source.Text.AsSpan(Start, Length);

    public TextPiece Slice(int start, int length) => new(Source, Start + start, length);

    /// <summary>The piece as a text of its own, for steps that rewrite it.</summary>
    public NormalizedText ToText() => Source.Slice(Start, Length);
}
