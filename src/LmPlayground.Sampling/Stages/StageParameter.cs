namespace LmPlayground.Sampling.Stages;

/// <summary>
/// One number that a stage takes, declared once: the page's control, the command line's option, the address, a shared demo and the
/// documentation are all made from this declaration.
/// </summary>
/// <param name="Name">Its name in Hugging Face's generation config, in the address and in JSON: "top_p".</param>
/// <param name="Label">Its name for people: "Top-p".</param>
public sealed record StageParameter(string Name, string Label)
{
    /// <summary>The neutral value: with it the stage is off.</summary>
    public required double Default { get; init; }

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

    /// <summary>What it does, in one sentence for someone who has never used it.</summary>
    public string Help { get; init; } = "";

    /// <summary>Its name on the command line: "--top-p".</summary>
    public string CommandLineName => "--" + Name.Replace('_', '-');

    /// <summary>Whether <paramref name="value"/> may be given: a number in range, whole where that is asked.</summary>
    public bool Accepts(double value) =>
        value >= Minimum && value <= Maximum && (!IsInteger || value == Math.Floor(value));

    /// <summary>The nearest value that <see cref="Accepts"/> takes; NaN becomes <see cref="Default"/>.</summary>
    public double Clamp(double value)
    {
        if (double.IsNaN(value))
            return Default;
        var clamped = Math.Clamp(value, Minimum, Maximum);
        return IsInteger ? Math.Round(clamped) : clamped;
    }
}
