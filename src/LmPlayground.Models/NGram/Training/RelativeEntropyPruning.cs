namespace LmPlayground.Models.NGram.Training;

/// <summary>
/// Says of each n-gram how much is lost without it: by how much the text's perplexity grows, relatively, when its share goes back
/// to the shorter context (Stolcke 1998). The frequency of a context is the one in the text and not the model's own, since the lower
/// orders of Kneser-Ney are no distributions of what the text has (Chelba, Brants, Neveitt and Xu 2010).
/// </summary>
/// <remarks>
/// With u = (c - D) / S and g = gamma(h) before, g + u is the weight of the shorter context after. Of the relative entropy
/// p(h) sum_x p(x|h) ln(p(x|h) / p*(x|h)), the terms of w and of the tokens never seen after h are exact; those of the other tokens
/// seen after h, which gain a little, are taken to first order: -u p(x|h').
/// An n-gram stays as long as a longer one that begins with it does.
/// </remarks>
internal sealed class RelativeEntropyPruning
{
    private readonly NGramCounts _counts;
    private readonly float[][] _losses;

    private RelativeEntropyPruning(NGramCounts counts, float[][] losses)
    {
        _counts = counts;
        _losses = losses;
    }

    /// <summary>Works out every n-gram's loss in a model that has them all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isToken">Says which ids of the vocabulary are tokens.</param>
    /// <param name="cancellationToken">Checked often.</param>
    public static RelativeEntropyPruning Of(KneserNeyModel model, Func<int, bool> isToken, CancellationToken cancellationToken)
    {
        var levels = model.Counts.Levels;
        var total = levels[0].Occurrences.Sum(count => (double)count);
        float[][] losses = [.. levels.Select(level => new float[level.Count])];
        var shorter = model.Unigrams(isToken);
        for (var level = 1; level < levels.Length; level++)
        {
            var probabilities = new double[levels[level].Count];
            for (var context = 0; context < levels[level - 1].Count; context++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var children = levels[level - 1].FirstChild[context]..levels[level - 1].FirstChild[context + 1];
                Score(model, level, context, children, shorter, probabilities, losses[level], total);
            }

            shorter = probabilities;
        }

        for (var level = levels.Length - 2; level > 0; level--)
        {
            for (var gram = 0; gram < levels[level].Count; gram++)
            {
                for (var child = levels[level].FirstChild[gram]; child < levels[level].FirstChild[gram + 1]; child++)
                    losses[level][gram] = Math.Max(losses[level][gram], losses[level + 1][child]);
            }
        }

        Array.Fill(losses[0], float.PositiveInfinity);
        return new RelativeEntropyPruning(model.Counts, losses);
    }

    /// <summary>The n-grams whose loss, or that of a longer one that begins with them, is at least <paramref name="threshold"/>.</summary>
    public bool[][] Keep(double threshold) => [.. _losses.Select(level => Array.ConvertAll(level, loss => loss >= threshold))];

    /// <summary>The smallest threshold whose model is no larger than <paramref name="most"/>, as measured by <paramref name="size"/>.</summary>
    /// <param name="most">The greatest size.</param>
    /// <param name="size">The size of a model, from the n-grams of each length and the contexts of each length.</param>
    public double ThresholdFor(long most, Func<int[], int[], long> size)
    {
        // Positive floats are ordered as their bits are.
        int low = -1, high = BitConverter.SingleToInt32Bits(float.PositiveInfinity);
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (SizeAt(BitConverter.Int32BitsToSingle(middle)) <= most)
                high = middle;
            else
                low = middle;
        }

        return BitConverter.Int32BitsToSingle(high);

        long SizeAt(float threshold)
        {
            int[] grams = [.. _losses.Select(level => level.Count(loss => loss >= threshold))];
            int[] contexts = [.. Enumerable.Range(0, _losses.Length).Select(level => CountContexts(level, threshold))];
            return size(grams, contexts);
        }
    }

    private static void Score(
        KneserNeyModel model, int level, int context, Range children, double[] shorter, double[] probabilities, float[] losses, double total)
    {
        if (children.Start.Value == children.End.Value)
            return;
        var grams = model.Counts.Levels[level];
        var (kept, left) = model.Context(level - 1, context);
        double sum = kept + left, gamma = left / sum;
        double seen = 0, frequency = 0;
        for (var gram = children.Start.Value; gram < children.End.Value; gram++)
        {
            probabilities[gram] = model.Weight(level, gram) / sum + gamma * shorter[grams.Suffixes[gram]];
            seen += shorter[grams.Suffixes[gram]];
            frequency += grams.Occurrences[gram] / total;
        }

        for (var gram = children.Start.Value; gram < children.End.Value; gram++)
        {
            var share = model.Weight(level, gram) / sum;
            var without = shorter[grams.Suffixes[gram]];
            var own = probabilities[gram] * Math.Log(probabilities[gram] / ((gamma + share) * without));
            var unseen = gamma * Math.Max(0, 1 - seen) * double.LogP1(share / gamma);
            losses[gram] = (float)Math.Max(0, frequency * (own - unseen - share * (seen - without)));
        }
    }

    private int CountContexts(int level, float threshold)
    {
        if (level == _losses.Length - 1)
            return 0;
        var firstChild = _counts.Levels[level].FirstChild;
        var count = 0;
        for (var gram = 0; gram < _losses[level].Length; gram++)
        {
            if (_losses[level + 1].AsSpan(firstChild[gram]..firstChild[gram + 1]).ContainsAnyInRange(threshold, float.PositiveInfinity))
                count++;
        }

        return count;
    }
}
