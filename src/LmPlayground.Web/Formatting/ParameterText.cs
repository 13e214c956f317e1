using System.Globalization;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Web.Formatting;

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
}
