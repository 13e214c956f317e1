namespace LmPlayground.Tokenizers.Tests;

public sealed class AddedTokenTests
{
    [Fact]
    public void The_leftmost_and_among_those_the_longest_is_taken()
    {
        var tokenizer = TestTokenizers.ByteLevel().WithAdded(256, "<a>").WithAdded(257, "<a><b>").WithAdded(258, "b><c").Build();
        Assert.Equal([257, '<', 'c'], tokenizer.Ids("<a><b><c"));
        Assert.Equal([256, 256, 'x'], tokenizer.Ids("<a><a>x"));
    }

    [Fact]
    public void Lstrip_and_rstrip_take_white_space_which_is_then_part_of_the_token()
    {
        var tokenizer = TestTokenizers.ByteLevel()
            .WithAdded(256, "<l>", "lstrip").WithAdded(257, "<r>", "rstrip").WithAdded(258, "<both>", "lstrip", "rstrip").Build();
        Assert.Equal(["a", " \t<l>", " ", "b"], tokenizer.Pieces("a \t<l> b"));
        Assert.Equal(["a", " ", "<r>\u00A0\n ", "b"], tokenizer.Pieces("a <r>\u00A0\n b"));
        Assert.Equal(["a", "  <both>  ", "<both> ", "b"], tokenizer.Pieces("a  <both>  <both> b"));
        Assert.Equal(["<r>  ", "<l>"], tokenizer.Pieces("<r>  <l>"));
    }

    [Fact]
    public void A_single_word_token_is_text_where_it_touches_a_word()
    {
        var tokenizer = TestTokenizers.ByteLevel().WithAdded(256, "cat", "single_word").Build();
        Assert.Equal([256], tokenizer.Ids("cat"));
        Assert.Equal([256, '!'], tokenizer.Ids("cat!"));
        Assert.Equal(["c", "a", "t", "s"], tokenizer.Pieces("cats"));
        Assert.Equal(["_", "c", "a", "t"], tokenizer.Pieces("_cat"));
        Assert.DoesNotContain(256, tokenizer.Ids("écat"));
        Assert.DoesNotContain(256, tokenizer.Ids("𝒳cat"));
        Assert.Contains(256, tokenizer.Ids("😀cat"));
    }

    [Fact]
    public void A_normalized_token_is_found_in_the_normalized_text_and_another_only_as_it_is_written()
    {
        var tokenizer = TestTokenizers.ByteLevel()
            .With("normalizer", """{"type": "Lowercase"}""").WithAdded(256, "<Seen>", "normalized").WithAdded(257, "<Exact>").Build();
        Assert.Equal([256, 256], tokenizer.Ids("<SEEN><seen>"));
        Assert.Equal([257], tokenizer.Ids("<Exact>"));
        Assert.DoesNotContain(257, tokenizer.Ids("<exact>"));
    }

    [Fact]
    public void Only_special_ones_are_skipped_in_decoding()
    {
        var tokenizer = TestTokenizers.ByteLevel().WithAdded(256, "<s>", "special").WithAdded(257, "<t>").Build();
        Assert.Equal("<s>a<t>", tokenizer.Decode([256, 'a', 257]));
        Assert.Equal("a<t>", tokenizer.Decode([256, 'a', 257], skipSpecialTokens: true));
        Assert.True(tokenizer.IsSpecial(256));
        Assert.False(tokenizer.IsSpecial(257));
        Assert.False(tokenizer.IsSpecial('a'));
        Assert.Equal(256, tokenizer.IdOf("<s>"));
        Assert.Equal("<t>", tokenizer.TokenOf(257));
        Assert.Equal(258, tokenizer.VocabularySize);
    }

    [Fact]
    public void The_vocabularys_own_id_wins_over_the_one_in_the_list()
    {
        var tokenizer = TestTokenizers.ByteLevel("<s>").WithAdded(999, "<s>", "special").Build();
        Assert.Equal([256], tokenizer.Ids("<s>"));
        Assert.True(tokenizer.IsSpecial(256));
    }
}
