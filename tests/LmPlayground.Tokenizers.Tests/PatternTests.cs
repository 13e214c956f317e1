using System.Text;
using System.Text.Json;
using LmPlayground.Tokenizers.Text;
using LmPlayground.Tokenizers.Text.Unicode;

namespace LmPlayground.Tokenizers.Tests;

/// <summary>Regular expressions as tokenizer.json has them, against what Oniguruma itself finds.</summary>
public sealed class PatternTests
{
    private static readonly JsonElement Recorded =
        JsonDocument.Parse(File.ReadAllBytes(TestFiles.Fixture("conformance", "oniguruma", "cases.json"))).RootElement;

    private static readonly string[] Texts = [.. Recorded.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];

    public static TheoryData<string> Patterns { get; } = [.. Recorded.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("pattern").GetString()!)];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_pattern_finds_what_Oniguruma_finds(string pattern)
    {
        var matches = Recorded.GetProperty("cases").EnumerateArray().First(one => one.GetProperty("pattern").GetString() == pattern).GetProperty("matches");
        if (matches.ValueKind == JsonValueKind.Null)
        {
            Assert.ThrowsAny<ArgumentException>(() => TextPattern.Expression(pattern));
            return;
        }

        var expression = TextPattern.Expression(pattern);
        for (var i = 0; i < Texts.Length; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Texts[i]);
            string[] expected = [.. matches[i].EnumerateArray().Select(match => $"{Units(match[0])}-{Units(match[1])}")];
            Assert.Equal(expected, Find(expression, Texts[i]).Select(match => $"{match.Start}-{match.Start + match.Length}"));

            int Units(JsonElement place) => Encoding.UTF8.GetCharCount(bytes.AsSpan(0, place.GetInt32()));
        }
    }

    [Theory]
    [InlineData(@"\p{Script=Greek}+", "αβaΩ͂", "αβ|Ω")]
    [InlineData(@"\p{scx=Deva}+", "क।॥a", "क।॥")]
    [InlineData(@"\p{Script_Extensions=Bengali}", "क।॥a", "।|॥")]
    [InlineData(@"\p{sc=Deva}+", "क।॥a", "क")]
    [InlineData(@"\p{scx=Han}+", "中、a。", "中、|。")]
    [InlineData(@"\p{gc=Lu}", "aA𐐀", "A|𐐀")]
    [InlineData(@"\p{Block=Basic_Latin}+", "aé", "a")]
    [InlineData("😀+", "a😀😀😁", "😀😀")]
    [InlineData("[^😀]", "a😀😁", "a|😁")]
    [InlineData("[😀-😂]+", "a😀😁😎", "😀😁")]
    [InlineData(@"(?i)[𐐀-𐐂]+", "𐐀𐐨𐐃", "𐐀𐐨")]
    [InlineData(@"\b𐐀", "a𐐀 𐐀", "𐐀")]
    public void Scripts_and_characters_beyond_the_basic_plane_are_matched(string pattern, string text, string expected) =>
        Assert.Equal(expected.Split('|'), Find(TextPattern.Expression(pattern), text).Select(match => text.Substring(match.Start, match.Length)));

    [Theory]
    [InlineData(@"\Ka", @"\K")]
    [InlineData(@"(?~a)", "(?~")]
    [InlineData(@"(?(1)a|b)", "(?(")]
    [InlineData(@"(?<a>x)\g<a>", @"\g")]
    [InlineData("(*FAIL)", "(*")]
    [InlineData(@"\p{Klingon}", "Klingon")]
    [InlineData("[[:vowel:]]", "[:vowel:]")]
    public void What_dot_net_cannot_say_is_refused_by_its_name(string pattern, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(() => TextPattern.Expression(pattern)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_table_has_each_character_in_one_script_and_knows_it_by_both_ways()
    {
        string[] names = ["Latin", "Greek", "Cyrillic", "Han", "Hiragana", "Katakana", "Hangul", "Common", "Inherited", "Arabic", "Devanagari", "Deseret", "Nag_Mundari", "Kawi"];
        CodePointSet[] sets = [.. names.Select(name => CharacterProperties.Find(name)!)];
        for (var codePoint = 0; codePoint < CodePointSet.End; codePoint += codePoint < 0x20000 ? 1 : 97)
        {
            var script = UnicodeTable.ScriptOf(codePoint);
            for (var i = 0; i < names.Length; i++)
                Assert.Equal(UnicodeTable.Loose(names[i]) == script, sets[i].Contains(codePoint));
        }
    }

    [Fact]
    public void A_class_by_its_category_is_the_class_by_its_ranges()
    {
        foreach (var one in (CharacterClass[])[CharacterClass.Word, CharacterClass.Space, CharacterClass.Digit, CharacterClass.Property("L"), CharacterClass.Property("Sm")])
        {
            StandIns standIns = new([one.Set]);
            var fast = new System.Text.RegularExpressions.Regex(one.Write(standIns));
            for (var unit = 0; unit < 0xFFFF; unit += unit == 0xD7FF ? 0x801 : 1)
                Assert.Equal(one.Set.Contains(unit), fast.IsMatch(((char)unit).ToString()));
        }
    }

    [Fact]
    public void Sets_are_what_their_members_say()
    {
        Random random = new(4);
        for (var round = 0; round < 200; round++)
        {
            var (a, b) = (Any(), Any());
            bool[] Members(CodePointSet set) => [.. Enumerable.Range(0, 60).Select(set.Contains)];
            Assert.Equal(Members(a).Zip(Members(b), (x, y) => x || y), Members(a.Union(b)));
            Assert.Equal(Members(a).Zip(Members(b), (x, y) => x && y), Members(a.Intersect(b)));
            Assert.Equal(Members(a).Zip(Members(b), (x, y) => x && !y), Members(a.Except(b)));
            Assert.Equal(Members(a).Select(x => !x), Members(a.Complement()));
            Assert.True(a.Borders.Zip(a.Borders.Skip(1)).All(pair => pair.First < pair.Second));
        }

        CodePointSet Any() => CodePointSet.Of(Enumerable.Range(0, random.Next(5)).Select(_ => (First: random.Next(50), Length: random.Next(9))).Select(range => (range.First, range.First + range.Length)));
    }

    private static List<(int Start, int Length)> Find(TextPattern expression, string text)
    {
        List<(int Start, int Length)> found = [];
        expression.FindMatches(text, found);
        found.RemoveAll(match => match.Length == 0);
        return found;
    }
}
