using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LmPlayground.Sampling.Stages;

/// <summary>One entry of the logit bias: a token's id or a text, and what is added.</summary>
/// <param name="Id">The token, where it is named by its id.</param>
/// <param name="Text">The text, where it is not.</param>
/// <param name="Value">-100 to 100.</param>
internal readonly record struct LogitBias(int? Id, string Text, double Value)
{
    /// <summary>Reads "text=+5" or "#123=-100"; the last = counts, so that a text may hold one.</summary>
    internal static bool TryParse(string entry, out LogitBias bias, [NotNullWhen(false)] out string? problem)
    {
        bias = default;
        problem = null;
        var equals = entry.LastIndexOf('=');
        if (equals < 1)
            problem = $"'{entry}' must be a text or #id, then =, then a number";
        else if (!double.TryParse(entry.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(Math.Abs(value) <= 100))
            problem = $"'{entry}' must end in a number from -100 to 100";
        else if (IsId(entry.AsSpan(0, equals), out var id))
            bias = new LogitBias(id, "", value);
        else
            bias = new LogitBias(null, entry[..equals], value);
        return problem is null;
    }

    private static bool IsId(ReadOnlySpan<char> name, out int id)
    {
        id = 0;
        return name[0] == '#' && int.TryParse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
