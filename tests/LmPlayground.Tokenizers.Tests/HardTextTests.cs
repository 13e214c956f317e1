using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Tokenizers.Tests;

public sealed class HardTextTests
{
    private const int Million = 1 << 20;

    public static TheoryData<string, string> Texts => new()
    {
        { "NUL", "a\0b\0\0" },
        { "control characters", "\u0001\u001b[0m\u007f\u0085" },
        { "right to left", "مرحبا \u202Eabc\u202C שלום" },
        { "combining marks", "e\u0301\u0323 Z\u0351\u036B\u0343a\u0308" },
        { "emoji with joiners", "👩‍👩‍👧‍👦🏳️‍🌈🇫🇷" },
        { "beyond the basic plane", "𝒳𝔢 𠀀!𝟙𝟚" },
        { "noncharacters", "\uFFFE\uFFFF\U0010FFFF" },
        { "line ends", "a\r\nb\n\r\u2028c\u2029" },
        { "byte order mark", "\uFEFFa" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Any_text_comes_back_whole_and_its_tokens_cover_it(string name, string text)
    {
        Assert.NotEmpty(name);
        var tokenizer = TestTokenizers.Embedded;
        var tokens = tokenizer.Encode(text);

        Assert.Equal(text, tokenizer.Decode([.. tokens.Select(t => t.Id)]));
        AssertCovered(text, tokens);

        var stream = tokenizer.StartStream();
        Assert.Equal(text, string.Concat(tokens.Select(t => stream.Append(t.Id))));
    }

    [Theory]
    [InlineData("a\uD800b")]
    [InlineData("\uDC00")]
    [InlineData("x\uDE00\uD83D")]
    [InlineData("\uD83D😀")]
    public void A_lone_surrogate_is_read_as_the_replacement_character(string text)
    {
        var clean = string.Concat(text.EnumerateRunes());
        var tokenizer = TestTokenizers.Embedded;
        Assert.Contains('\uFFFD', clean);
        Assert.Equal(clean.Length, text.Length);
        Assert.Equal(tokenizer.Encode(clean), tokenizer.Encode(text));
        Assert.Equal(clean, tokenizer.Decode(tokenizer.Ids(text)));
    }

    [Fact]
    public void A_megabyte_without_a_break_is_encoded_and_comes_back()
    {
        // Quadratic time would take hours here; the test's own end is the assertion.
        foreach (var text in (string[])
            [new string('a', Million), new string(' ', Million), new string(' ', Million - 1) + "a", new string('\n', Million), string.Concat(Enumerable.Repeat("ab", Million / 2)), string.Concat(Enumerable.Repeat("é", Million / 2)), new string('<', Million)])
        {
            var tokens = TestTokenizers.Embedded.Encode(text);
            Assert.Equal(text, TestTokenizers.Embedded.Decode([.. tokens.Select(t => t.Id)]));
            AssertCovered(text, tokens);
        }
    }

    [Fact]
    public void The_empty_text_has_no_tokens()
    {
        Assert.Empty(TestTokenizers.Embedded.Encode(""));
        Assert.Equal("", TestTokenizers.Embedded.Decode([]));
    }

    [Fact]
    public void Ids_that_the_tokenizer_does_not_know_give_nothing()
    {
        var tokenizer = TestTokenizers.Embedded;
        var a = tokenizer.IdOf("a")!.Value;
        Assert.Equal("aa", tokenizer.Decode([a, -1, int.MaxValue, tokenizer.VocabularySize, a]));
        var stream = tokenizer.StartStream();
        Assert.Equal("", stream.Append(int.MinValue));
        Assert.Equal("a", stream.Append(a));
    }

    [Fact]
    public void Many_threads_encode_at_the_same_time_and_agree()
    {
        var tokenizer = TokenizerJson.Load(TestTokenizers.EmbeddedFile("transformer"));
        string[] texts = [.. Enumerable.Range(0, 64).Select(i => $"Word{i % 7} and number {i * 37}, naïve café {i}!")];
        TextToken[][] expected = [.. texts.Select(t => TestTokenizers.Embedded.Encode(t).ToArray())];
        Parallel.For(0, 512, i => Assert.Equal(expected[i % 64], tokenizer.Encode(texts[i % 64])));
    }

    /// <summary>Tokens in order, each beginning where the one before ended or inside a character that they share, nothing left out.</summary>
    private static void AssertCovered(string text, IReadOnlyList<TextToken> tokens)
    {
        var end = 0;
        foreach (var token in tokens)
        {
            if (token.Start > end || token.Start + token.Length < end || token.Length == 0)
                Assert.Fail($"The token at {token.Start}, {token.Length} long, does not follow on {end}.");
            end = token.Start + token.Length;
        }

        Assert.Equal(text.Length, end);
    }
}
