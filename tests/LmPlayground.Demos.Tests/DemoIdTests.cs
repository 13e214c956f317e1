using System.Buffers.Text;

namespace LmPlayground.Demos.Tests;

public class DemoIdTests
{
    private static readonly OwnerSecret Owner = Secret(1);

    private static OwnerSecret Secret(byte value)
    {
        var key = new byte[OwnerSecret.Length];
        Array.Fill(key, value);
        Assert.True(OwnerSecret.TryParse(Base64Url.EncodeToString(key), out var secret));
        return secret;
    }

    private static Hash256 Document(int number) => Hash256.Of(BitConverter.GetBytes(number));

    [Fact]
    public void The_same_document_of_the_same_owner_has_the_same_id_in_every_version() =>
        Assert.Equal("cdftFpntbsddf5b92c9658jwc2", DemoId.Of(Owner, Document(7), 0).ToString());

    [Fact]
    public void Another_owner_document_or_generation_is_another_id()
    {
        DemoId[] ids =
        [
            DemoId.Of(Owner, Document(7), 0), DemoId.Of(Secret(2), Document(7), 0), DemoId.Of(Owner, Document(8), 0), DemoId.Of(Owner, Document(7), 1),
        ];
        Assert.Equal(ids.Length, ids.Select(id => id.ToString()).Distinct().Count());
    }

    [Fact]
    public void An_id_has_26_symbols_of_32_that_nobody_confuses()
    {
        Assert.Equal(32, DemoAlphabet.Symbols.Distinct().Count());
        Assert.DoesNotContain(DemoAlphabet.Symbols, "0O1lI|uUvVaAeEiIoO34".Contains);
        for (var number = 0; number < 1000; number++)
            Assert.Matches($"^[{DemoAlphabet.Symbols}]{{26}}$", DemoId.Of(Owner, Document(number), 0).ToString());
    }

    [Fact]
    public void An_id_spells_no_bad_word_and_some_would_have()
    {
        const int Count = 20_000;
        var ids = Enumerable.Range(0, Count).Select(number => DemoId.Of(Owner, Document(number), 0).ToString()).ToList();
        Assert.DoesNotContain(ids, DemoAlphabet.SpellsBadWord);
        Assert.Equal(Count, ids.Distinct().Count());

        // Random symbols do spell one now and then: otherwise the line above would say nothing.
        var random = new Random(1);
        Assert.Contains(Enumerable.Range(0, 2000), _ => DemoAlphabet.SpellsBadWord(new string(random.GetItems<char>(DemoAlphabet.Symbols, DemoId.Length))));
    }

    [Theory]
    [InlineData("22fckrr")]
    [InlineData("FcKrr22")]
    [InlineData("rrn66r2")]
    [InlineData("wwbt5ht")]
    public void Digits_and_capitals_do_not_hide_a_word(string text) => Assert.True(DemoAlphabet.SpellsBadWord(text));

    [Fact]
    public void Every_symbol_is_used_about_equally_often()
    {
        var counts = Enumerable.Range(0, 10_000).SelectMany(number => DemoId.Of(Owner, Document(number), 0).ToString()[..25])
            .CountBy(symbol => symbol).ToDictionary();
        Assert.All(DemoAlphabet.Symbols, symbol => Assert.InRange(counts[symbol], 250_000 / 32 * 0.9, 250_000 / 32 * 1.1));
    }

    [Fact]
    public void What_is_written_is_read_back_and_nothing_else()
    {
        for (var number = 0; number < 1000; number++)
        {
            var id = DemoId.Of(Owner, Document(number), number % 3);
            Assert.True(DemoId.TryParse(id.ToString(), out var read));
            Assert.Equal(id, read);
            Assert.Equal(id.Hash, read.Hash);
        }

        var text = DemoId.Of(Owner, Document(1), 0).ToString();
        Assert.All(
            [null, "", text[1..], text + "2", "0" + text[1..], "../" + text[3..], text[..^1] + "5", text[..^1] + "é", " " + text[1..]],
            wrong => Assert.False(DemoId.TryParse(wrong, out _), wrong));
    }

    [Fact]
    public void A_secret_is_256_bits_in_one_spelling_and_never_written_by_chance()
    {
        var secret = OwnerSecret.Create();
        Assert.True(OwnerSecret.TryParse(secret.Reveal(), out var read));
        Assert.Equal(secret.Hash, read.Hash);
        Assert.True(read.Owns(secret.Hash));
        Assert.False(read.Owns(OwnerSecret.Create().Hash));
        Assert.False(read.Owns(null));
        Assert.DoesNotContain(secret.Reveal(), $"{secret}", StringComparison.Ordinal);
        var text = Base64Url.EncodeToString(new byte[32]);
        Assert.All(
            [null, "", text[1..], text + "A", text[..^1] + "B", text[..^1] + "=", text[..^1] + "+"],
            wrong => Assert.False(OwnerSecret.TryParse(wrong, out _), wrong));
    }

    [Fact]
    public void A_hash_is_read_back_from_its_text_and_its_bytes()
    {
        var hash = Document(3);
        Assert.True(Hash256.TryParse(hash.ToString(), out var read));
        Assert.Equal(hash, read);
        Assert.Equal(hash, Hash256.From(hash.ToArray()));
        Assert.True(hash != Document(4));
        Assert.True(default(Hash256) == Hash256.From(new byte[32]));
        Assert.All([null, "", "ab", new string('g', 64), hash + "0"], wrong => Assert.False(Hash256.TryParse(wrong, out _)));
        Assert.Throws<ArgumentException>(() => Hash256.From(new byte[31]));
    }
}
