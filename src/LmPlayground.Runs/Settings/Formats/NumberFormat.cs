using System.Globalization;
using System.Text.Json.Nodes;
using LmPlayground.Sampling.Parameters;

namespace LmPlayground.Runs.Settings.Formats;

/// <summary>A number in a range. One outside of it becomes the nearest that is allowed.</summary>
/// <param name="minimum">The least value.</param>
/// <param name="maximum">The greatest value.</param>
/// <param name="isInteger">Whether only whole numbers are allowed.</param>
public sealed class NumberFormat(double minimum, double maximum, bool isInteger = false) : SettingFormat<double>
{
    /// <summary>Whether other numbers are left out instead, since the nearest one would mean something else.</summary>
    public bool LeavesOthers { get; init; }

    /// <inheritdoc/>
    public override string Expects
    {
        get
        {
            var kind = isInteger ? "a whole number" : maximum == double.MaxValue ? "a finite number" : "a number";
            return minimum == double.MinValue ? kind : maximum >= int.MaxValue ? $"{kind}, {Text(minimum)} or more" : $"{kind} from {Text(minimum)} to {Text(maximum)}";
        }
    }

    /// <summary>The format of a number that a stage or a stop criterion declares.</summary>
    public static NumberFormat Of(NumberParameter parameter) => new(parameter.Minimum, parameter.Maximum, parameter.IsInteger);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(double value) => [value.ToString("R", CultureInfo.InvariantCulture)];

    /// <inheritdoc/>
    public override JsonNode ToJson(double value) => value;

    /// <inheritdoc/>
    public override string Typed(string text) => TypedNumber.Plain(text, isInteger);

    /// <inheritdoc/>
    public override bool TryRead(IReadOnlyList<string> texts, SettingReading reading, out double value)
    {
        var text = texts[^1];
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) || double.IsNaN(read))
        {
            value = 0;
            reading.Refuse(text, "setting.no_number", $"is no number: it is ignored.");
            return false;
        }

        var isInside = read >= minimum && read <= maximum;
        var clamped = Math.Clamp(read, minimum, maximum);
        value = isInteger ? Math.Round(clamped) : clamped;
        if (value == read)
            return true;
        switch (isInside, LeavesOthers)
        {
            case (true, true):
                reading.Replace(text, "setting.fraction_ignored", $"is no whole number: it is ignored.");
                break;
            case (true, false):
                reading.Replace(text, "setting.fraction_rounded", $"is no whole number: {Text(value)} is used.");
                break;
            case (false, true):
                reading.Replace(text, "setting.outside_ignored", $"is outside {Bounds}: it is ignored.");
                break;
            case (false, false):
                reading.Replace(text, "setting.outside_clamped", $"is outside {Bounds}: {Text(value)} is used.");
                break;
        }

        return !LeavesOthers;
    }

    private string Bounds => (minimum, maximum) switch
    {
        (double.MinValue, double.MaxValue) => "the finite numbers",
        (_, double.MaxValue) => $"the finite numbers from {Text(minimum)}",
        _ => $"{Text(minimum)} to {Text(maximum)}",
    };

    private static string Text(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);
}
