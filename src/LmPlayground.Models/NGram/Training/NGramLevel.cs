namespace LmPlayground.Models.NGram.Training;

/// <summary>The distinct n-grams of one length in lexicographic order, as one level of a trie; those of length one are all ids of the vocabulary.</summary>
internal sealed class NGramLevel
{
    /// <summary>The last token of each n-gram.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>The place of each n-gram without its first token, one level below; empty for unigrams.</summary>
    public required int[] Suffixes { get; init; }

    /// <summary>How often each n-gram is in the text.</summary>
    public required int[] Occurrences { get; init; }

    /// <summary>Where the n-grams that continue each begin, one level above, and at the end how many there are; empty at the highest level.</summary>
    public int[] FirstChild { get; set; } = [];

    /// <summary>The n-grams that are at the very beginning of a document that no begin token opens.</summary>
    public int[] AtBareStart { get; set; } = [];

    /// <summary>How many n-grams there are.</summary>
    public int Count => Tokens.Length;
}

/// <summary>The n-grams of a text, of every length up to the order.</summary>
/// <param name="Levels">By length: index 0 holds unigrams.</param>
/// <param name="BeginId">The token that is predicted nowhere because documents begin with it, or null.</param>
internal sealed record NGramCounts(NGramLevel[] Levels, int? BeginId)
{
    /// <summary>The greatest length.</summary>
    public int Order => Levels.Length;
}
