using System.Runtime.CompilerServices;
using LmPlayground.Tokenizers;

namespace LmPlayground.Generation.Steps;

/// <summary>The tokens of a vocabulary for people, each made once: a table of fifty costs no strings.</summary>
/// <remarks>Thread-safe: two threads may make the same label, and either is right.</remarks>
internal sealed class TokenLabels
{
    private static readonly ConditionalWeakTable<ModelTokenizer, TokenLabels> Known = [];

    private readonly ModelTokenizer _tokenizer;
    private string?[] _labels = [];

    private TokenLabels(ModelTokenizer tokenizer) => _tokenizer = tokenizer;

    internal static TokenLabels For(ModelTokenizer tokenizer) => Known.GetValue(tokenizer, static key => new TokenLabels(key));

    internal string this[int id]
    {
        get
        {
            var labels = _labels;
            if (id >= labels.Length)
            {
                Array.Resize(ref labels, Math.Max(id + 1, _tokenizer.VocabularySize));
                _labels = labels;
            }

            return labels[id] ??= _tokenizer.Describe(id);
        }
    }
}
