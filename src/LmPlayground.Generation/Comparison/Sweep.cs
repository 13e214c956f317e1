using System.Collections.Immutable;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Comparison;

/// <summary>One strategy with one parameter at several values.</summary>
public sealed class Sweep
{
    /// <summary>A sweep over these values.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="values">Its values, in the order of the columns.</param>
    /// <exception cref="ArgumentException">Fewer than two values or too many, one that is there twice, or one that the parameter does not accept; the message names it.</exception>
    public Sweep(StageParameter parameter, ImmutableArray<double> values)
    {
        Parameter = parameter;
        Values = values;
    }

    /// <summary>The parameter.</summary>
    public StageParameter Parameter { get; }

    /// <summary>Its values.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>Reads <c>temperature=0.2,0.7,1</c> or <c>temperature=0.2:1.6:0.2</c> (from, to and step, both ends included, in decimal).</summary>
    /// <exception cref="ArgumentException">It cannot be read; the message says what is wrong and what is known.</exception>
    public static Sweep Parse(string text) => throw new NotImplementedException();

    /// <summary>The request with each of the values. A stage that a value turns on and the order does not name is put where it usually runs.</summary>
    public ComparisonRequest Of(GenerationRequest request) => throw new NotImplementedException();
}
