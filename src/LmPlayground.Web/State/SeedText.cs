using System.Globalization;

namespace LmPlayground.Web.State;

/// <summary>A seed as text: -1 is a random one.</summary>
public static class SeedText
{
    /// <summary>The seed, or -1.</summary>
    public static string Format(ulong? seed) => seed?.ToString(CultureInfo.InvariantCulture) ?? "-1";

    /// <summary>Reads a seed; -1 and nothing at all give null.</summary>
    public static bool TryRead(string? text, out ulong? seed)
    {
        seed = null;
        text = text?.Trim();
        if (text is null or "" or "-1")
            return true;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return false;
        seed = value;
        return true;
    }
}
