using LmPlayground.Tokenizers.Text.Unicode;

namespace LmPlayground.Tokenizers.Text;

/// <summary>What a reader takes for one character, as an expression: Unicode Standard Annex 29, table 1c.</summary>
internal static class GraphemeClusters
{
    private static readonly CharacterClass Leading = new(CodePointSet.Of([(0x1100, 0x115F), (0xA960, 0xA97C)]));
    private static readonly CharacterClass Vowel = new(CodePointSet.Of([(0x1160, 0x11A7), (0xD7B0, 0xD7C6)]));
    private static readonly CharacterClass Trailing = new(CodePointSet.Of([(0x11A8, 0x11FF), (0xD7CB, 0xD7FB)]));
    private static readonly CharacterClass Open = new(CodePointSet.Of(Enumerable.Range(0, 399).Select(i => (0xAC00 + (28 * i), 0xAC00 + (28 * i)))));
    private static readonly CharacterClass Closed = new(CodePointSet.Range(0xAC00, 0xD7A3).Except(Open.Set));
    private static readonly CharacterClass Flag = new(CodePointSet.Range(0x1F1E6, 0x1F1FF));
    private static readonly CharacterClass Picture = new(CharacterProperties.Find("Extended_Pictographic")!);

    /// <summary>The expression.</summary>
    /// <param name="write">Writes a class.</param>
    public static string Expression(Func<CharacterClass, string> write)
    {
        var control = Break("Control").Union(CodePointSet.Of([('\r', '\r'), ('\n', '\n')]));
        var extend = Break("Extend");
        var joiner = CodePointSet.Range(0x200D, 0x200D);
        var (l, v, t, lv, lvt) = (write(Leading), write(Vowel), write(Trailing), write(Open), write(Closed));
        var syllable = $"{l}*(?:{lv}?{v}+|{lv}|{lvt}){t}*|{l}+|{t}+";
        var picture = $"{write(Picture)}(?:{write(new(extend))}*\\u200D{write(Picture)})*";
        var core = $"(?:{syllable}|{write(Flag)}{{2}}|{picture}|{write(new(control.Complement()))})";
        var after = write(new(extend.Union(joiner).Union(Break("SpacingMark"))));
        return $@"(?>\r\n|{write(new(control))}|{write(new(Break("Prepend")))}*{core}{after}*)";
    }

    private static CodePointSet Break(string name) => UnicodeTable.Find("break", name)!;
}
