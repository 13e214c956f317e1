using System.Numerics.Tensors;
using LmPlayground.Models.NGram.Storage;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.NGram;

/// <summary>The n-grams of a model as a trie of its file, and the distributions that they give.</summary>
/// <remarks>Immutable and thread-safe. Dispose it after its last use.</remarks>
internal sealed class NGramTrie : IDisposable
{
    private readonly NGramFile _file;
    private readonly NGramTrieLevel[] _levels;
    private readonly double[] _unigrams;

    private NGramTrie(NGramFile file)
    {
        _file = file;
        var layout = file.Check();
        _levels = [.. Enumerable.Range(0, layout.Levels.Count).Select(level => new NGramTrieLevel(file, layout, level))];
        _unigrams = new double[layout.VocabularySize];
        TensorPrimitives.ConvertChecked(file.Floats(layout.Unigrams, _unigrams.Length), _unigrams);
        var sum = TensorPrimitives.Sum(_unigrams);
        TensorPrimitives.Divide(_unigrams, sum, _unigrams);
        NGramCount = _levels[1..].Sum(level => (long)level.Count) + _unigrams.Count(probability => probability > 0);
    }

    /// <summary>The length of the longest n-grams: a token depends on one fewer before it.</summary>
    public int Order => _levels.Length;

    /// <summary>How many ids there are.</summary>
    public int VocabularySize => _unigrams.Length;

    /// <summary>How many n-grams of all lengths there are; of those of length one, those that are tokens.</summary>
    public long NGramCount { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelLoadException">It is missing, cut off, damaged, or no n-gram model.</exception>
    public static NGramTrie Open(string path)
    {
        var file = NGramFile.Open(path);
        try
        {
            return new NGramTrie(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The probability of every id after a context; 0 for ids that are no token.</summary>
    /// <param name="history">What was read, the last token at the end; only the last <see cref="Order"/> - 1 count. Ids within the vocabulary.</param>
    /// <param name="probabilities">Takes them: as long as the vocabulary.</param>
    public void Predict(ReadOnlySpan<int> history, Span<double> probabilities)
    {
        var longest = Math.Min(_levels.Length - 1, history.Length);
        Span<NGramContext> contexts = stackalloc NGramContext[NGramLayout.GreatestOrder];
        var known = 0;

        // What is no context of the model may still end one that is longer: pruning leaves such gaps.
        Span<int> lengths = stackalloc int[NGramLayout.GreatestOrder];
        for (var length = longest; length > 0; length--)
        {
            if (TryFind(history[^length..], out contexts[known]))
                lengths[known++] = length;
        }

        double left = 1;
        for (var i = 0; i < known; i++)
            left *= contexts[i].Odds / (1 + contexts[i].Odds);
        TensorPrimitives.Multiply(_unigrams, left, probabilities);
        left = 1;
        for (var i = 0; i < known; i++)
        {
            Share(_levels[lengths[i]], contexts[i], left / (1 + contexts[i].Odds), probabilities);
            left *= contexts[i].Odds / (1 + contexts[i].Odds);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void Share(NGramTrieLevel level, NGramContext context, double mass, Span<double> probabilities)
    {
        double sum = 0;
        for (var gram = context.Begin; gram < context.End; gram++)
            sum += level.Weight(gram);
        var unit = mass / sum;
        for (var gram = context.Begin; gram < context.End; gram++)
            probabilities[level.Token(gram)] += unit * level.Weight(gram);
    }

    private bool TryFind(ReadOnlySpan<int> tokens, out NGramContext context)
    {
        // The level of unigrams has every id at its own place.
        if (!_levels[0].TryGetContext(tokens[0], out context))
            return false;
        for (var level = 1; level < tokens.Length; level++)
        {
            var gram = _levels[level].Find(tokens[level], context.Begin, context.End);
            if (gram < 0 || !_levels[level].TryGetContext(gram, out context))
                return false;
        }

        return true;
    }
}
