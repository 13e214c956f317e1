using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Normalizers;

/// <summary>The first step: rewrites a text before it is split.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal abstract class TextNormalizer
{
    public abstract NormalizedText Normalize(NormalizedText text);
}

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<TextNormalizer> steps) : TextNormalizer
{
    public override NormalizedText Normalize(NormalizedText text)
    {
        foreach (var step in steps)
            text = step.Normalize(text);
        return text;
    }
}
