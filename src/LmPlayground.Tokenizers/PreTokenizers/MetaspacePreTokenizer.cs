using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.PreTokenizers;

/// <summary>When <see cref="MetaspacePreTokenizer"/> puts its mark in front.</summary>
internal enum PrependScheme
{
    Always,
    First,
    Never,
}

/// <summary>SentencePiece's spaces: each becomes a visible mark, which also begins the text and may begin each word.</summary>
internal sealed class MetaspacePreTokenizer(char replacement, PrependScheme prepend, bool split) : PreTokenizer
{
    private readonly string _mark = replacement.ToString();
    private readonly SplitPreTokenizer _words = new(TextPattern.Literal(replacement.ToString()), SplitBehavior.MergedWithNext);

    public override void Split(TextPiece piece, List<TextPiece> output)
    {
        var text = piece.ToText();
        var spaces = new List<(int, int)>();
        for (var i = 0; i < text.Text.Length; i++)
        {
            if (text.Text[i] == ' ')
                spaces.Add((i, 1));
        }

        text = text.Replace(spaces, _mark);
        var first = prepend == PrependScheme.Always || (prepend == PrependScheme.First && text.Text.Length > 0 && text.OriginalStart(0) == 0);
        if (first && !text.Text.StartsWith(replacement))
            text = text.Prepend(_mark);

        var whole = new TextPiece(text, 0, text.Text.Length);
        if (split)
            _words.Split(whole, output);
        else
            output.Add(whole);
    }
}
