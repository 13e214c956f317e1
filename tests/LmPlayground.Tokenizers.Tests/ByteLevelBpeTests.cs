using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Reading;
using LmPlayground.Tokenizers.Vocabularies;

namespace LmPlayground.Tokenizers.Tests;

public sealed class ByteLevelBpeTests
{
    [Fact]
    public void The_library_and_our_own_loop_merge_alike()
    {
        var model = EmbeddedModel();
        var random = new Random(7);
        const string Letters = "aaaeeehhtttnnoissr  .,'ABé中😀\n";
        for (var round = 0; round < 3000; round++)
        {
            var word = string.Concat(string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => Letters[random.Next(Letters.Length)])).EnumerateRunes());
            var expected = new List<ModelToken>();
            model.TokenizeByLoop(word, expected);
            var actual = new List<ModelToken>();
            model.Tokenize(word, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [InlineData(ByteLevelBpeModel.LongestForLibrary)]
    [InlineData(ByteLevelBpeModel.LongestForLibrary + 1)]
    public void Words_on_both_sides_of_the_limit_merge_alike(int length)
    {
        var model = EmbeddedModel();
        var word = string.Concat(Enumerable.Repeat("thereandthen", 20))[..length];
        var expected = new List<ModelToken>();
        model.TokenizeByLoop(word, expected);
        var actual = new List<ModelToken>();
        model.Tokenize(word, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_word_that_is_a_token_is_taken_whole_only_with_ignore_merges()
    {
        var json = TestTokenizers.ByteLevel("Ġxyz");
        Assert.Equal([' ', 'x', 'y', 'z'], json.Build().Ids(" xyz"));
        json["model"]!["ignore_merges"] = true;
        Assert.Equal([256], json.Build().Ids(" xyz"));
    }

    [Fact]
    public void Bytes_that_the_vocabulary_lacks_are_dropped()
    {
        var json = TestTokenizers.ByteLevel();
        json["model"]!["vocab"]!.AsObject().Remove("b");
        Assert.Equal(['a', 'c'], json.Build().Ids("abc"));
    }

    [Fact]
    public void The_alphabet_has_a_character_for_every_byte_and_back()
    {
        char[] characters = [.. Enumerable.Range(0, 256).Select(b => ByteAlphabet.CharacterOf((byte)b))];
        Assert.Equal(256, characters.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 256), characters.Select(c => ByteAlphabet.ByteOf(c)));
        Assert.Equal('Ġ', ByteAlphabet.CharacterOf((byte)' '));
        Assert.Equal('Ċ', ByteAlphabet.CharacterOf((byte)'\n'));
        Assert.Equal('A', ByteAlphabet.CharacterOf((byte)'A'));
        Assert.Equal(-1, ByteAlphabet.ByteOf(' '));
        Assert.Equal(-1, ByteAlphabet.ByteOf('中'));
    }

    private static ByteLevelBpeModel EmbeddedModel()
    {
        var root = JsonSource.Read(TestTokenizers.EmbeddedFile("transformer"));
        return (ByteLevelBpeModel)ModelReader.Read(root.Required("model"), isByteLevel: true);
    }
}
