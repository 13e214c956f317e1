using System.Buffers;

namespace LmPlayground.Demos;

/// <summary>The symbols of ids: none that looks like another (0 O, 1 l I, u v, 3 E, 4 A), and no vowel, nor a digit that is read as one.</summary>
internal static class DemoAlphabet
{
    internal const string Symbols = "256789bcdfghjkmnpqrstwxyzDFHLNRT";

    internal static readonly SearchValues<char> All = SearchValues.Create(Symbols);

    // What can still be spelt without vowels.
    private static readonly SearchValues<string> Words = SearchValues.Create(
        [
            "btch", "cck", "cnt", "dck", "fck", "fgg", "fgt", "gyp", "kkk", "ngg", "ngr",
            "nzs", "prn", "pss", "rpst", "sht", "slt", "spc", "tts", "twt", "wtf", "xxx",
        ],
        StringComparison.Ordinal);

    internal static bool SpellsBadWord(string text)
    {
        Span<char> letters = stackalloc char[text.Length];
        for (var index = 0; index < text.Length; index++)
        {
            letters[index] = text[index] switch
            {
                '2' => 'z',
                '5' => 's',
                '6' or '9' => 'g',
                '7' => 't',
                '8' => 'b',
                var letter => char.ToLowerInvariant(letter),
            };
        }

        return letters.ContainsAny(Words);
    }
}
