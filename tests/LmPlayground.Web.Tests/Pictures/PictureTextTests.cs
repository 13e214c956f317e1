using System.Text;
using LmPlayground.Web.Viewing.Pictures;

namespace LmPlayground.Web.Tests.Pictures;

/// <summary>How texts stand in a preview picture: letters of the two fonts, and bars for all else.</summary>
public class PictureTextTests
{
    private const float Width = 1000;
    private const float Size = 32;

    [Theory]
    [InlineData("从前有一只小猫")]
    [InlineData("Жили-были")]
    [InlineData("مرحبا بالعالم")]
    [InlineData("👩‍👩‍👧")]
    [InlineData("\uFFFD")]
    [InlineData("\ud83d")]
    [InlineData("\u0E01\u0E33")]
    public void What_no_font_has_is_a_bar_and_never_a_missing_glyph(string text)
    {
        var clusters = Clusters(text);
        Assert.Contains(clusters, cluster => cluster.Kind == ClusterKind.Bar);
        Assert.All(clusters, cluster => Assert.True(cluster.Kind is ClusterKind.Bar or ClusterKind.Space || cluster.Glyph != 0));
    }

    [Fact]
    public void A_picture_of_several_people_is_one_bar() => Assert.Single(Clusters("👩‍👩‍👧"));

    [Theory]
    [InlineData("caf\u0065\u0301", 4)]
    [InlineData("x\u0301", 1)]
    [InlineData("a\u200Db\uFE0F", 2)]
    [InlineData("A⟨U+202E⟩b", 10)]
    public void Letters_with_accents_and_what_has_no_look_are_letters(string text, int letters)
    {
        var clusters = Clusters(text);
        Assert.Equal(letters, clusters.Count);
        Assert.All(clusters, cluster => Assert.Equal(ClusterKind.Letter, cluster.Kind));
    }

    [Fact]
    public void Every_character_of_Unicode_is_a_letter_with_a_glyph_or_a_bar_or_nothing()
    {
        for (var code = 0; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 7)
        {
            if (!Rune.IsValid(code))
                continue;
            var clusters = Clusters(new Rune(code).ToString());
            Assert.True(clusters.Count <= 1, $"U+{code:X4}");
            Assert.All(clusters, cluster => Assert.True(cluster.Kind != ClusterKind.Letter || (cluster.Glyph != 0 && cluster.Marks.All(mark => mark != 0)), $"U+{code:X4}"));
        }
    }

    [Theory]
    [InlineData(100_000, 'w')]
    [InlineData(100_000, '猫')]
    [InlineData(100_000, '\u0301')]
    [InlineData(100_000, ' ')]
    [InlineData(100_000, '\n')]
    [InlineData(100_000, '\u200B')]
    public void A_word_of_100000_letters_is_cut_with_an_ellipsis(int length, char letter)
    {
        var text = Flow(3, "before " + new string(letter, length) + " after");
        Assert.True(text.IsCut);
        Assert.InRange(text.Lines.Count, 1, 3);
        Assert.Equal(PictureFont.Regular.Find(new Rune('…')), text.Lines[^1][^1].Glyph);
    }

    [Fact]
    public void No_line_is_wider_than_it_may_be_but_for_spaces_at_its_end()
    {
        var random = new Random(5);
        string[] parts = ["a", "word ", "\n", "\t", "  ", "猫", "😀", "longer-than-most", "\u202E", "\u0301", "WWWWW", new string('x', 90), "\ud83d", "é", "ﬁ"];
        for (var round = 0; round < 300; round++)
        {
            var text = Flow(1 + random.Next(5), string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => parts[random.Next(parts.Length)])));
            foreach (var line in text.Lines)
            {
                var seen = line.Count;
                while (seen > 0 && line[seen - 1].Kind is ClusterKind.Space or ClusterKind.LineEnd)
                    seen--;
                Assert.InRange(line.Take(seen).Sum(cluster => cluster.Width), 0, (Width / Size) + 0.001);
            }
        }
    }

    [Fact]
    public void Words_stay_whole_where_they_fit()
    {
        var text = Flow(9, string.Join(' ', Enumerable.Repeat("neighbouring", 40)));
        Assert.False(text.IsCut);
        Assert.All(text.Lines, line => Assert.Equal(0, line.Count(cluster => cluster.Kind == ClusterKind.Letter) % "neighbouring".Length));
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("one two", "one two")]
    public void A_text_that_fits_has_its_beginning(string text, string expected) => Assert.Equal(expected, PictureText.Tail(text, PictureFont.Regular, Size, Width, 2));

    [Fact]
    public void Of_a_longer_one_the_last_words_are_there()
    {
        var tail = PictureText.Tail(string.Join(' ', Enumerable.Range(0, 9_000)), PictureFont.Regular, Size, Width, 2);
        Assert.Matches(@"^… \d{4} ", tail);
        Assert.EndsWith(" 8999", tail, StringComparison.Ordinal);
        Assert.False(Flow(2, tail).IsCut);
    }

    private static PictureText Flow(int lines, string text) => PictureText.Flow([PicturePiece.Given(text)], PictureFont.Regular, Size, Width, lines);

    private static List<PictureCluster> Clusters(string text) => [.. PictureClusters.Of([PicturePiece.Given(text)], PictureFont.Regular)];
}
