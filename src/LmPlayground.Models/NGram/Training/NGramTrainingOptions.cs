using LmPlayground.Models.NGram.Storage;

namespace LmPlayground.Models.NGram.Training;

/// <summary>How an n-gram model is counted and written.</summary>
public sealed record NGramTrainingOptions
{
    /// <summary>The least order: every token by itself.</summary>
    public const int LeastOrder = 1;

    /// <summary>The greatest order.</summary>
    public const int GreatestOrder = NGramLayout.GreatestOrder;

    /// <summary>Bits that keep weights as the floats they are.</summary>
    public const int FloatBits = NGramLayout.FloatBits;

    /// <summary>The length of the longest n-grams, <see cref="LeastOrder"/> to <see cref="GreatestOrder"/>.</summary>
    public int Order { get; init; } = 5;

    /// <summary>What stands between two documents of the text; newlines around it belong to neither. Empty: the text is one document.</summary>
    public string Separator { get; init; } = "<|endoftext|>";

    /// <summary>
    /// Width of a stored weight: codes of 1 to 16 bits, or <see cref="FloatBits"/>. Six bits cost a story corpus 0.0003 bits a token.
    /// </summary>
    public int WeightBits { get; init; } = 6;

    /// <summary>
    /// N-grams are left out whose absence makes the perplexity of the text grow by less than this share; 0 keeps all of them.
    /// </summary>
    public double PruningThreshold { get; init; }

    /// <summary>The greatest size of the file in bytes, or null: the threshold is raised until the model fits.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Says what is wrong with the options, or null.</summary>
    public string? FindFault()
    {
        if (Order is < LeastOrder or > GreatestOrder)
            return $"the order must be {LeastOrder} to {GreatestOrder}, not {Order}";
        if (!NGramLayout.IsWidth(WeightBits))
            return $"a weight has 1 to 16 bits, or {FloatBits}, not {WeightBits}";
        if (!(PruningThreshold is >= 0 and < double.PositiveInfinity))
            return FormattableString.Invariant($"the pruning threshold must be a number from 0, not {PruningThreshold}");
        return MaxBytes is <= 0 ? $"the greatest size must be at least one byte, not {MaxBytes}" : null;
    }
}

/// <summary>Where the counting of a model is.</summary>
/// <param name="Stage">What is being done: "reading the text", "counting", "pruning", "writing".</param>
/// <param name="Share">How much of it is done, 0 to 1.</param>
public readonly record struct NGramTrainingProgress(string Stage, double Share);

/// <summary>A model that was counted.</summary>
/// <param name="Documents">How many documents the text had.</param>
/// <param name="Tokens">How many tokens they had, with those that begin and end them.</param>
/// <param name="Counted">The distinct n-grams of each length in the text, unigrams first.</param>
/// <param name="Kept">The n-grams of each length that the model has.</param>
/// <param name="Bytes">The size of the model's file.</param>
/// <param name="Threshold">The pruning threshold that was used.</param>
public sealed record NGramTrainingReport(
    int Documents, long Tokens, IReadOnlyList<int> Counted, IReadOnlyList<int> Kept, long Bytes, double Threshold);
