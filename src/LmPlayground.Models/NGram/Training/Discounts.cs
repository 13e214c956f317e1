namespace LmPlayground.Models.NGram.Training;

/// <summary>
/// What modified Kneser-Ney smoothing takes from the counts 1, 2, and 3 or more (Chen and Goodman 1998, section 5.2):
/// with n_i the number of n-grams of count i and Y = n_1 / (n_1 + 2 n_2), D_i = i - (i + 1) Y n_(i+1) / n_i.
/// </summary>
/// <param name="One">D_1, in (0, 1).</param>
/// <param name="Two">D_2, in (0, 2).</param>
/// <param name="ThreeOrMore">D_3+, in (0, 3).</param>
internal readonly record struct Discounts(double One, double Two, double ThreeOrMore)
{
    /// <summary>
    /// Taken for a whole order where the formulas give none: some n_i of 1 to 4 is zero, or a discount would be outside (0, i).
    /// A discount of i would forget every n-gram of that count, and one of 0 would leave nothing to unseen tokens.
    /// </summary>
    public static Discounts Fallback { get; } = new(0.5, 1, 1.5);

    /// <summary>From the counts of an order; zeros are no n-grams.</summary>
    public static Discounts Of(ReadOnlySpan<int> counts)
    {
        Span<double> n = stackalloc double[5];
        n.Clear();
        foreach (var count in counts)
        {
            if (count is >= 1 and <= 4)
                n[count]++;
        }

        var y = n[1] / (n[1] + 2 * n[2]);
        var estimated = new Discounts(1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]);
        var isUsable = estimated is { One: > 0 and < 1, Two: > 0 and < 2, ThreeOrMore: > 0 and < 3 };
        return isUsable ? estimated : Fallback;
    }

    /// <summary>What is taken from a count.</summary>
    public double For(int count) => count switch
    {
        0 => 0,
        1 => One,
        2 => Two,
        _ => ThreeOrMore,
    };
}
