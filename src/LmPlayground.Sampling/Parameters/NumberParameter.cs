using System.Globalization;

namespace LmPlayground.Sampling.Parameters;

/// <summary>A number with its range.</summary>
/// <param name="Name">Its name in the address and in JSON: "top_p".</param>
/// <param name="Label">Its name for people: "Top-p".</param>
public sealed record NumberParameter(string Name, string Label) : Parameter<double>(Name, Label)
{
    /// <summary>The least allowed value.</summary>
    public required double Minimum { get; init; }

    /// <summary>The greatest allowed value.</summary>
    public required double Maximum { get; init; }

    /// <summary>Where a slider ends; greater values up to <see cref="Maximum"/> can be typed.</summary>
    public double SliderMaximum { get; init; }

    /// <summary>The distance between two positions of a slider.</summary>
    public double Step { get; init; } = 0.01;

    /// <summary>Whether only whole numbers are allowed.</summary>
    public bool IsInteger { get; init; }

    /// <summary>The values it takes, in words: "a number from 0 to 1".</summary>
    public string Range
    {
        get
        {
            var kind = IsInteger ? "a whole number" : "a number";
            return Maximum >= int.MaxValue
                ? string.Create(CultureInfo.InvariantCulture, $"{kind}, {Minimum} or more")
                : string.Create(CultureInfo.InvariantCulture, $"{kind} from {Minimum} to {Maximum}");
        }
    }

    /// <summary>Whether <paramref name="value"/> may be given: a number in range, whole where that is asked.</summary>
    public bool Accepts(double value) =>
        value >= Minimum && value <= Maximum && (!IsInteger || value == Math.Floor(value));

    /// <inheritdoc/>
    public override string? Problem(double value) =>
        Accepts(value) ? null : string.Create(CultureInfo.InvariantCulture, $"{Name} must be {Range}, not {value}");

    /// <summary>The nearest value that <see cref="Accepts"/> takes; NaN becomes the default.</summary>
    public double Clamp(double value)
    {
        if (double.IsNaN(value))
            return Default;
        var clamped = Math.Clamp(value, Minimum, Maximum);
        return IsInteger ? Math.Round(clamped) : clamped;
    }
}
