using System.Text;
using LmPlayground.Tokenizers.Text;
using LmPlayground.Tokenizers.Text.Unicode;

namespace LmPlayground.Tokenizers.PreTokenizers;

/// <summary>
/// Splits where the script changes. Japanese is one script however it is written; a space, or a character without a script, is of the script
/// before it. As in Hugging Face, what of that stands in front of the first script is dropped.
/// </summary>
internal sealed class UnicodeScriptsPreTokenizer : PreTokenizer
{
    private const int ProlongedSound = 0x30FC;

    public override void Split(TextPiece piece, List<TextPiece> output)
    {
        string? script = null;
        var start = 0;
        var at = 0;
        foreach (var rune in piece.Span.EnumerateRunes())
        {
            if (ScriptOf(rune) is { } next && next != script)
            {
                if (script is not null)
                    output.Add(piece.Slice(start, at - start));
                (script, start) = (next, at);
            }

            at += rune.Utf16SequenceLength;
        }

        if (script is not null)
            output.Add(piece.Slice(start, at - start));
    }

    private static string? ScriptOf(Rune rune) => rune.Value switch
    {
        ' ' => null,
        ProlongedSound => "han",
        _ => UnicodeTable.ScriptOf(rune.Value) switch
        {
            "hiragana" or "katakana" => "han",
            var script => script,
        },
    };
}
