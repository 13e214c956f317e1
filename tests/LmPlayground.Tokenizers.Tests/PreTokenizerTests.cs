using LmPlayground.Tokenizers.PreTokenizers;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Tests;

public sealed class PreTokenizerTests
{
    [Theory]
    [InlineData("Isolated", "the|-|final|-|-|countdown")]
    [InlineData("Removed", "the|final|countdown")]
    [InlineData("MergedWithPrevious", "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", "the|-final|-|-countdown")]
    [InlineData("Contiguous", "the|-|final|--|countdown")]
    public void Each_behavior_puts_the_separators_where_hugging_face_documents(string behavior, string expected)
    {
        var split = new SplitPreTokenizer(TextPattern.Literal("-"), Enum.Parse<SplitBehavior>(behavior));
        Assert.Equal(expected.Split('|'), Pieces(split, "the-final--countdown"));
    }

    [Fact]
    public void Text_that_the_pattern_does_not_match_is_not_lost()
    {
        var split = new SplitPreTokenizer(TextPattern.Expression("[a-z]+"), SplitBehavior.Isolated);
        Assert.Equal(["12", "ab", "!?", "cd", " "], Pieces(split, "12ab!?cd "));
        Assert.Equal(["!!!"], Pieces(split, "!!!"));
        var inverted = new SplitPreTokenizer(TextPattern.Expression("[a-z]+"), SplitBehavior.Removed, invert: true);
        Assert.Equal(["ab", "cd"], Pieces(inverted, "12ab!?cd "));
    }

    [Fact]
    public void An_empty_match_cuts_but_is_no_piece() =>
        Assert.Equal(["a", "a", "b", "a", "a"], Pieces(new SplitPreTokenizer(TextPattern.Expression("b*"), SplitBehavior.Isolated), "aabaa"));

    [Fact]
    public void Letters_and_digits_beyond_the_basic_plane_count_as_such()
    {
        // 𝒳 is a letter, 𝟙 a digit, 𠀀 an ideograph, 😀 a symbol; each is two code units.
        Assert.Equal(["𝒳a", "!", " 𠀀中", "😀", "𝟙2"], Pieces(new ByteLevelPreTokenizer(false, true), "𝒳a! 𠀀中😀𝟙2"));
        Assert.Equal(["𝟙𝟚3", "4"], Pieces(new SplitPreTokenizer(TextPattern.Expression(@"\p{N}{1,3}"), SplitBehavior.Isolated), "𝟙𝟚34"));
    }

    [Theory]
    [InlineData("It's WE'LL", "It|'s| WE|'|LL")]
    [InlineData("a  b", "a| | b")]
    [InlineData("a \n", "a| \n")]
    [InlineData("x1!?", "x|1|!?")]
    public void Byte_level_words_are_gpt_2s(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Pieces(new ByteLevelPreTokenizer(false, true), text));

    [Fact]
    public void A_space_in_front_is_added_once_and_belongs_to_the_first_character()
    {
        var tokenizer = TestTokenizers.ByteLevel().With("pre_tokenizer", """{"type": "ByteLevel", "add_prefix_space": true}""").Build();
        Assert.Equal([new TextToken(' ', 0, 1), new TextToken('a', 0, 1), new TextToken('b', 1, 1)], tokenizer.Encode("ab"));
        Assert.Equal([new TextToken(' ', 0, 1), new TextToken('a', 1, 1)], tokenizer.Encode(" a"));
    }

    [Theory]
    [InlineData(true, "a|1|2|½|b|٣")]
    [InlineData(false, "a|12½|b|٣")]
    public void Digits_stand_apart(bool individual, string expected) =>
        Assert.Equal(expected.Split('|'), Pieces(new DigitsPreTokenizer(individual), "a12½b٣"));

    [Theory]
    [InlineData("どこで生れ。Yes", "どこで生れ|。|Yes")]
    [InlineData("Apples are りんご 林檎", "Apples are |りんご 林檎")]
    [InlineData("a1b-", "a|1|b|-")]
    [InlineData("カー ド中", "カー ド中")]
    [InlineData("  ab  c", "ab  c")]
    [InlineData("ab  ", "ab  ")]
    [InlineData("𐐀a𠀀中", "𐐀|a|𠀀中")]
    [InlineData("е\u0301e\u0301", "е|\u0301|e|\u0301")]
    [InlineData("a\n b", "a|\n |b")]
    [InlineData("  ", "")]
    public void Scripts_are_set_apart(string text, string expected) =>
        Assert.Equal(expected.Length == 0 ? [] : expected.Split('|'), Pieces(new UnicodeScriptsPreTokenizer(), text));

    [Fact]
    public void Scripts_are_set_apart_by_a_tokenizer_that_says_so() =>
        Assert.Equal(["ab ", "中"], TestTokenizers.ByteLevel("ab").With("pre_tokenizer", """{"type": "UnicodeScripts"}""")
            .With("model", """{"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0}}""").Build().Pieces("ab 中"));

    private static string[] Pieces(PreTokenizer preTokenizer, string text)
    {
        var pieces = new List<TextPiece>();
        preTokenizer.Split(new TextPiece(new NormalizedText(text), 0, text.Length), pieces);
        return [.. pieces.Select(p => p.Span.ToString())];
    }
}
