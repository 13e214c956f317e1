using System.Text;

namespace LmPlayground.Tokenizers.Tests;

public sealed class TokenStreamDecoderTests
{
    // Ids 0 to 255 are the bytes themselves.
    private static readonly ModelTokenizer Bytes = TestTokenizers.ByteLevel("Ġð").WithAdded(300, "<end>", "special").WithAdded(301, "<keep>").Build();

    private const int SpaceAndHalf = 256;

    [Fact]
    public void A_character_split_over_tokens_appears_once_with_the_token_that_completes_it() =>
        Assert.Equal(["", "", "", "😀", "a"], Stream(0xF0, 0x9F, 0x98, 0x80, 'a'));

    [Fact]
    public void Text_before_an_unfinished_character_waits_with_it() =>
        Assert.Equal(["x", "", "", "", " 😀"], Stream('x', SpaceAndHalf, 0x9F, 0x98, 0x80));

    [Theory]
    [InlineData(new[] { 0x80, (int)'a' }, "a")]
    [InlineData(new[] { 0xFF, 0xFE, (int)'a' }, "a")]
    [InlineData(new[] { 0xE2, (int)'a', (int)'b' }, "ab")]
    [InlineData(new[] { 0xE2, 0x96, 0xF0, 0x9F, 0x98, 0x80 }, "😀")]
    [InlineData(new[] { 0xED, 0xA0, 0x80, (int)'a' }, "a")]
    [InlineData(new[] { 0xC0, 0x80, (int)'a' }, "a")]
    [InlineData(new[] { 0xF0, 0x9F, 0x98, 0xC3, 0xA9 }, "é")]
    public void Bytes_that_cannot_become_a_character_are_dropped_and_what_follows_is_not_held_up(int[] ids, string expected) =>
        Assert.Equal(expected, string.Concat(Stream(ids)));

    [Fact]
    public void Any_bytes_in_any_order_give_the_valid_characters_among_them()
    {
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(1, 12)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = random.Next(3) == 0 ? (byte)random.Next(0x80) : (byte)random.Next(0x80, 0x100);
            var expected = Encoding.UTF8.GetString([.. bytes, (byte)'.']).Replace("\uFFFD", "", StringComparison.Ordinal);
            Assert.Equal(expected, string.Concat(Stream([.. bytes.Select(b => (int)b), '.'])));
        }
    }

    [Fact]
    public void A_replacement_character_of_the_text_itself_is_kept() => Assert.Equal(["", "", "", "\uFFFDa"], Stream(0xEF, 0xBF, 0xBD, 'a'));

    [Fact]
    public void Special_tokens_give_no_text_unless_asked_for_and_do_not_break_a_character()
    {
        Assert.Equal(["", "", "é", "<keep>"], Stream(0xC3, 300, 0xA9, 301));
        var stream = Bytes.StartStream(skipSpecialTokens: false);
        Assert.Equal("<end>", stream.Append(300));
    }

    [Fact]
    public void A_fork_goes_its_own_way_from_the_same_state()
    {
        var first = Bytes.StartStream();
        Assert.Equal("", first.Append(0xC3));
        var second = first.Fork();
        Assert.Equal("é", first.Append(0xA9));
        Assert.Equal("è", second.Append(0xA8));
        Assert.Equal("a", first.Append('a'));
        Assert.Equal("", second.Fork().Append(0xE2));
        Assert.Equal("b", second.Append('b'));
    }

    [Fact]
    public void Streaming_gives_what_decoding_at_once_gives()
    {
        var tokenizer = TestTokenizers.Embedded;
        var ids = tokenizer.Ids("Zoë paid 3 € for 2 crêpes 🥞 in 東京, <|im_end|> didn't she?");
        var stream = tokenizer.StartStream();
        Assert.Equal(tokenizer.Decode(ids, skipSpecialTokens: true), string.Concat(ids.Select(stream.Append)));
    }

    [Theory]
    [InlineData('a', "a")]
    [InlineData(' ', " ")]
    [InlineData(0xE2, "<0xE2>")]
    [InlineData(SpaceAndHalf, " <0xF0>")]
    [InlineData(300, "<end>")]
    [InlineData(301, "<keep>")]
    [InlineData(299, "[299]")]
    [InlineData(-1, "[-1]")]
    [InlineData(1 << 30, "[1073741824]")]
    public void Describe_never_shows_a_broken_character(int id, string expected) => Assert.Equal(expected, Bytes.Describe(id));

    [Fact]
    public void Every_token_of_the_embedded_vocabulary_has_a_description_without_the_replacement_character()
    {
        var tokenizer = TestTokenizers.Embedded;
        Assert.All(Enumerable.Range(0, tokenizer.VocabularySize), id =>
        {
            Assert.NotEmpty(tokenizer.Describe(id));
            Assert.DoesNotContain('\uFFFD', tokenizer.Describe(id));
        });
    }

    private static string[] Stream(params int[] ids)
    {
        var stream = Bytes.StartStream();
        return [.. ids.Select(stream.Append)];
    }
}
