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
    [InlineData(@"\s++x", "(?>\\s+)x")]
    [InlineData(@"[^\r\n\p{L}]?+\p{L}++", @"(?>[^\r\n\p{L}]?)(?>\p{L}+)")]
    [InlineData("(?:ab|c)*+", "(?>(?:ab|c)*)")]
    [InlineData("a{2}+", "(?:a{2})+")]
    [InlineData("a+?b*?", "a+?b*?")]
    [InlineData(@"\h", "[0-9a-fA-F]")]
    [InlineData(@"\++", @"\++")]
    [InlineData("[]+]", "[]+]")]
    [InlineData("(?i:'s|'t)s", "(?i:'[sS\u017F]|'t)s")]
    [InlineData("(?i:(?-i:s)s)", "(?i:(?-i:s)[sS\u017F])")]
    [InlineData("(?<name>s)(?<!s)(?=s)(?>s)", "(?<name>s)(?<!s)(?=s)(?>s)")]
    [InlineData("(?i:[sdmt]|[a-s])", "(?i:[s\u017Fdmt]|[a-s])")]
    [InlineData("(?m:.)", "(?s:.)")]
    public void Patterns_are_translated_to_dot_net(string pattern, string expected) => Assert.Equal(expected, PatternTranslator.ToDotNet(pattern));

    [Fact]
    public void Scripts_are_matched()
    {
        Assert.Equal(["ab", "中文", "c"], Pieces(new SplitPreTokenizer(TextPattern.Expression(@"[\p{Han}]+"), SplitBehavior.Isolated), "ab中文c"));
        Assert.Equal(["a", "𠀀", "b"], Pieces(new SplitPreTokenizer(TextPattern.Expression(@"\p{Han}"), SplitBehavior.Isolated), "a𠀀b"));
    }

    [Theory]
    [InlineData("[a&&b]")]
    [InlineData("[a[^b]]")]
    [InlineData("[a")]
    [InlineData("a\\")]
    [InlineData("😀")]
    [InlineData("(?i)a")]
    [InlineData("(?")]
    [InlineData("(?<a")]
    public void What_dot_net_cannot_say_is_refused(string pattern) => Assert.ThrowsAny<ArgumentException>(() => TextPattern.Expression(pattern));

    private static string[] Pieces(PreTokenizer preTokenizer, string text)
    {
        var pieces = new List<TextPiece>();
        preTokenizer.Split(new TextPiece(new NormalizedText(text), 0, text.Length), pieces);
        return [.. pieces.Select(p => p.Span.ToString())];
    }
}
