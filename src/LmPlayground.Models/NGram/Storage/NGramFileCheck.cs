using LmPlayground.Tokenizers;

namespace LmPlayground.Models.NGram.Storage;

/// <summary>What a file with the right checksum must still be: a stranger may have made it.</summary>
internal sealed unsafe class NGramFileCheck(NGramFile file, NGramLayout layout)
{
    /// <summary>How far the stored probabilities of unigrams may be from a sum of one.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Looks at every number.</summary>
    /// <exception cref="ModelLoadException">One of them cannot be.</exception>
    public void Run()
    {
        CheckUnigrams();
        for (var level = 0; level < layout.Levels.Count; level++)
        {
            var sections = layout.Levels[level];
            if (level > 0)
                CheckNumbers(sections.WeightValues, sections.Weights, layout.WeightBits, sections.Count, level);
            if (level < layout.Levels.Count - 1)
            {
                CheckNumbers(sections.OddsValues, sections.Odds, layout.OddsBits, sections.Contexts, level);
                CheckContexts(sections, layout.Levels[level + 1], level);
            }
        }
    }

    private void CheckUnigrams()
    {
        double sum = 0;
        foreach (var probability in file.Floats(layout.Unigrams, layout.VocabularySize))
        {
            if (probability is not (>= 0 and <= 1))
                throw file.Wrong(FormattableString.Invariant($"has {probability} as a probability"));
            sum += probability;
        }

        if (Math.Abs(sum - 1) > Tolerance)
            throw file.Wrong(FormattableString.Invariant($"has unigrams whose probabilities sum to {sum}"));
    }

    private void CheckNumbers(long values, long codes, int bits, int count, int level)
    {
        if (bits == NGramLayout.FloatBits)
            CheckPositive(file.Floats(codes, count), level);
        else
            CheckPositive(file.Floats(values, 1 << bits), level);
    }

    private void CheckPositive(ReadOnlySpan<float> numbers, int level)
    {
        foreach (var number in numbers)
        {
            if (!float.IsNormal(number) || number <= 0)
                throw file.Wrong(FormattableString.Invariant($"has {number} as a weight of n-grams of length {level + 1}"));
        }
    }

    private void CheckContexts(NGramSections sections, NGramSections above, int level)
    {
        var set = 0;
        var isContext = new PackedReader(file.Start + sections.IsContext, 1);
        for (var gram = 0; gram < sections.Count; gram++)
            set += (int)isContext[gram];
        if (set != sections.Contexts)
            throw file.Wrong($"marks {set} n-grams of length {level + 1} as contexts where its header says {sections.Contexts}");
        if (sections.Contexts == 0 && above.Count > 0)
            throw file.Wrong($"has n-grams of length {level + 2} without a context");

        var starts = new PackedReader(file.Start + sections.Starts, Math.Max(1, sections.StartBits));
        var tokens = new PackedReader(file.Start + above.Tokens, layout.TokenBits);
        long begin = 0;
        for (var context = 0; context < sections.Contexts; context++)
        {
            long end = context + 1 < sections.Contexts ? starts[context + 1] : above.Count;
            if (starts[context] != begin || end <= begin || end > above.Count)
                throw file.Wrong($"has contexts of length {level + 1} whose continuations do not follow each other");
            CheckTokens(tokens, (int)begin, (int)end, level + 1);
            begin = end;
        }
    }

    private void CheckTokens(PackedReader tokens, int begin, int end, int level)
    {
        long previous = -1;
        for (var gram = begin; gram < end; gram++)
        {
            var token = tokens[gram];
            if (token <= previous || token >= layout.VocabularySize)
                throw file.Wrong($"has n-grams of length {level + 1} out of order or outside the vocabulary");
            previous = token;
        }
    }
}
