using System.Collections.Immutable;

namespace LmPlayground.Generation.Scoring;

/// <summary>How a model finds a given continuation of a prompt.</summary>
/// <remarks>
/// Prompt and continuation are tokenized as one text, as a model was trained to see it. Scored is every token that holds a character of the
/// continuation. Where a token begins in the prompt and ends in the continuation ("Once upon a " and "time" with a token " time"), the
/// border moves back to its beginning, so that bits and characters are of the same text: <see cref="Text"/>. lm-evaluation-harness
/// moves spaces at the prompt's end in the same way.
/// </remarks>
public sealed record ContinuationScore
{
    /// <summary>The text that was scored: the continuation, and before it what its first token takes from the prompt's end.</summary>
    public required string Text { get; init; }

    /// <summary>How many UTF-16 code units of the prompt's end were scored with it: 0 unless a token straddles the border.</summary>
    public required int FromPrompt { get; init; }

    /// <summary>How many tokens stand before the first scored one.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>The scored tokens.</summary>
    public required ImmutableArray<ScoredToken> Tokens { get; init; }

    /// <summary>The sum of all surprisals: -log2 of the probability of the text after its context. Infinite where the model rules a token out.</summary>
    public required double TotalBits { get; init; }

    /// <summary>How many characters <see cref="Text"/> has: Unicode scalar values.</summary>
    public required int Characters { get; init; }

    /// <summary>Bits a character: what models with different tokenizers can be compared by. Fewer are better.</summary>
    public double BitsPerCharacter => TotalBits / Characters;

    /// <summary>Bits a token.</summary>
    public double BitsPerToken => TotalBits / Tokens.Length;
}

/// <summary>One token of a text that was scored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Display">The token for people, as <see cref="TokenStep.Display"/>.</param>
/// <param name="Start">Where it begins in prompt and continuation together, in UTF-16 code units.</param>
/// <param name="Length">How many code units it covers; tokens that share a character all cover it.</param>
/// <param name="Surprisal">-log2 of its probability, in bits.</param>
/// <param name="Rank">Its place among all tokens by logit, from 1.</param>
public sealed record ScoredToken(int Id, string Display, int Start, int Length, double Surprisal, int Rank);
