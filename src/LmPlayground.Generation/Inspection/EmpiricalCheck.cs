using System.Collections.Immutable;

namespace LmPlayground.Generation.Inspection;

/// <summary>Many draws of one token laid over what they were drawn from.</summary>
public sealed record EmpiricalCheck
{
    /// <summary>The most draws of one check.</summary>
    public const int MostDraws = 1_000_000;

    /// <summary>How many draws were made.</summary>
    public required int Draws { get; init; }

    /// <summary>The tokens that are expected often enough to be counted one by one (<see cref="ChiSquareTest.LeastExpectation"/>), likeliest first.</summary>
    public required ImmutableArray<EmpiricalCell> Cells { get; init; }

    /// <summary>All other tokens that the sampler left, as one cell.</summary>
    public required EmpiricalRest Rest { get; init; }

    /// <summary>Pearson's test of the counts against the probabilities.</summary>
    public required ChiSquareTest Test { get; init; }
}

/// <summary>One token of a check.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The token for people, as <see cref="TokenStep.Display"/>.</param>
/// <param name="Probability">What it is drawn with: after the sampler.</param>
/// <param name="Expected">Probability times draws.</param>
/// <param name="Count">How often it was drawn.</param>
public readonly record struct EmpiricalCell(int Id, string Text, double Probability, double Expected, int Count);

/// <summary>The rare tokens of a check together.</summary>
/// <param name="Tokens">How many tokens they are.</param>
/// <param name="Probability">Their probability together.</param>
/// <param name="Expected">Probability times draws.</param>
/// <param name="Count">How often one of them was drawn.</param>
public readonly record struct EmpiricalRest(int Tokens, double Probability, double Expected, int Count);
