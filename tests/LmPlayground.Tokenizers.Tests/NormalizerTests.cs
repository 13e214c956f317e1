using System.Text;
using LmPlayground.Tokenizers.Normalizers;
using LmPlayground.Tokenizers.Text;

namespace LmPlayground.Tokenizers.Tests;

public sealed class NormalizerTests
{
    [Fact]
    public void Every_form_gives_what_dot_net_gives()
    {
        var random = new Random(3);
        int[] alphabet = ['a', 'e', 'q', ' ', 0x301, 0x323, 0x327, 0x308, 0x345, 0xE9, 0x1E69, 0x1100, 0x1161, 0x11A8, 0xAC00, 0xFB01, 0x2460, 0x212B, 0x0958, 0x09C7, 0x09BE, 0x1D15E, 0x5D0, 0x5B4];
        foreach (var form in Enum.GetValues<NormalizationForm>())
        {
            var normalizer = new UnicodeNormalizer(form);
            for (var round = 0; round < 2000; round++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => new Rune(alphabet[random.Next(alphabet.Length)]).ToString()));
                var result = normalizer.Normalize(new NormalizedText(text));
                Assert.Equal(text.Normalize(form), result.Text);
                for (var i = 0; i < result.Text.Length; i++)
                    Assert.InRange(result.OriginalEnd(i), result.OriginalStart(i) + 1, text.Length);
            }
        }
    }

    [Fact]
    public void A_composed_character_points_to_its_base_and_what_follows_to_itself()
    {
        var result = new UnicodeNormalizer(NormalizationForm.FormC).Normalize(new NormalizedText("e\u0301x", 10));
        Assert.Equal("éx", result.Text);
        Assert.Equal((10, 11), (result.OriginalStart(0), result.OriginalEnd(0)));
        Assert.Equal((12, 13), (result.OriginalStart(1), result.OriginalEnd(1)));
    }

    [Fact]
    public void Decomposed_parts_point_to_the_character_they_came_from()
    {
        var result = new UnicodeNormalizer(NormalizationForm.FormKD).Normalize(new NormalizedText("aﬁé"));
        Assert.Equal("afie\u0301", result.Text);
        Assert.Equal([0, 1, 1, 2, 2], Enumerable.Range(0, 5).Select(result.OriginalStart));
        Assert.Equal([1, 2, 2, 3, 3], Enumerable.Range(0, 5).Select(result.OriginalEnd));
    }

    [Fact]
    public void Lower_case_is_the_same_in_every_culture() =>
        Assert.Equal("ii\u0307σß𐐨", new LowercaseNormalizer().Normalize(new NormalizedText("IİΣß𐐀")).Text);

    [Fact]
    public void Removing_putting_in_front_and_replacing_keep_the_origins()
    {
        var bare = new StripAccentsNormalizer().Normalize(new NormalizedText("\u0301e\u0301x"));
        Assert.Equal("ex", bare.Text);
        Assert.Equal([1, 3], Enumerable.Range(0, 2).Select(bare.OriginalStart));

        var replaced = new ReplaceNormalizer(TextPattern.Literal(" "), "▁").Normalize(new PrependNormalizer("▁").Normalize(new NormalizedText("a b")));
        Assert.Equal("▁a▁b", replaced.Text);
        Assert.Equal([0, 0, 1, 2], Enumerable.Range(0, 4).Select(replaced.OriginalStart));

        var stripped = new StripNormalizer(true, true).Normalize(new NormalizedText("  a b "));
        Assert.Equal("a b", stripped.Text);
        Assert.Equal(2, stripped.OriginalStart(0));
        Assert.Equal("", new StripNormalizer(true, true).Normalize(new NormalizedText("   ")).Text);
    }
}
