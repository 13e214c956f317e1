using System.Text;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Formatting;

/// <summary>Short texts of which every character counts, as a chip shows and says them.</summary>
internal static class VisibleText
{
    /// <summary>The text with its line ends and tabs as signs, and with signs for the spaces at its ends, which would be seen by nobody.</summary>
    public static string Of(string text)
    {
        var core = text.AsSpan().Trim(' ');
        var before = core.IsEmpty ? 0 : text.AsSpan().IndexOf(core);
        return core.IsEmpty
            ? new string('␣', text.Length)
            : new string('␣', before) + Show.Piece(core.ToString()) + new string('␣', text.Length - before - core.Length);
    }

    /// <summary>The text for someone who hears it: what nobody can see or say by its name.</summary>
    public static string Spoken(string text)
    {
        var spoken = new StringBuilder();
        foreach (var character in text)
        {
            var name = character switch { ' ' => FormatTexts.Get("Space"), '\n' => FormatTexts.Get("NewLine"), '\r' => FormatTexts.Get("CarriageReturn"), '\t' => FormatTexts.Get("Tab"), _ => null };
            if (name is null)
                return text;
            spoken.Append(spoken.Length == 0 ? "" : ", ").Append(name);
        }

        return spoken.ToString();
    }
}
