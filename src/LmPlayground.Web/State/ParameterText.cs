using System.Globalization;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Web.State;

/// <summary>The value of a stage's parameter as text, in the address and in a number box.</summary>
public static class ParameterText
{
    /// <summary>The value with as many decimals as its slider has, and more where it has more.</summary>
    public static string Format(NumberParameter parameter, double value)
    {
        if (parameter.IsInteger)
            return value.ToString("0", CultureInfo.InvariantCulture);
        var decimals = parameter.Step switch { >= 1 => "", >= 0.1 => "0", >= 0.01 => "00", _ => "000" };
        return value.ToString($"0.{decimals}######", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a value. One that is outside the range or not whole becomes the nearest that is allowed, and the notice says so.</summary>
    /// <returns>Whether it was a number at all.</returns>
    public static bool TryRead(NumberParameter parameter, string text, out double value, out string? notice)
    {
        notice = null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) || double.IsNaN(read))
        {
            value = parameter.Default;
            notice = $"{parameter.Name} '{text}' is no number: it is ignored.";
            return false;
        }

        value = parameter.Clamp(read);
        if (parameter.Accepts(read))
            return true;
        var shown = Format(parameter, value);
        notice = read < parameter.Minimum || read > parameter.Maximum
            ? $"{parameter.Name} {text} is outside {Bound(parameter.Minimum)} to {Bound(parameter.Maximum)}: {Bound(value)} is used."
            : $"{parameter.Name} {text} is no whole number: {shown} is used.";
        return true;
    }

    private static string Bound(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);
}
