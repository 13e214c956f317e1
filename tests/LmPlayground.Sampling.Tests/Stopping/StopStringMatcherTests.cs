using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Sampling.Tests.Stopping;

public class StopStringMatcherTests
{
    [Fact]
    public void Agrees_with_a_search_through_the_whole_text_however_the_text_is_cut()
    {
        var random = new System.Random(3);
        for (var round = 0; round < 5000; round++)
        {
            var text = Random(random, random.Next(0, 30));
            string[] stops = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Random(random, random.Next(0, 6)))];
            var matcher = new StopStringMatcher(stops);
            var shown = "";
            for (int at = 0, size; at < text.Length; at += size)
            {
                size = Math.Min(random.Next(1, 5), text.Length - at);
                shown += matcher.Append(text.Substring(at, size));
                if (matcher.Match is null)
                    Assert.Equal(LongestPrefixAtTheEnd(text[..(at + size)], stops), matcher.Withheld);
            }

            shown += matcher.Flush();
            var (match, cut) = FirstToComplete(text, stops);
            Assert.Equal(match, matcher.Match);
            Assert.Equal(text[..cut], shown);
        }
    }

    [Fact]
    public void The_earliest_completing_one_wins_and_then_the_first_of_the_list()
    {
        var matcher = new StopStringMatcher(["abcdef", "cd", "bcd"]);
        Assert.Equal("xab", matcher.Append("xabcdefg") + matcher.Flush());
        Assert.Equal("cd", matcher.Match);
    }

    [Fact]
    public void Text_after_a_match_is_not_shown()
    {
        var matcher = new StopStringMatcher(["\n\n"]);
        Assert.Equal("one", matcher.Append("one\n"));
        Assert.Equal("", matcher.Append("\ntwo"));
        Assert.Equal("", matcher.Append("three") + matcher.Flush());
    }

    [Fact]
    public void A_surrogate_pair_is_matched_whole()
    {
        var matcher = new StopStringMatcher(["😀!"]);
        Assert.Equal("a", matcher.Append("a😀"));
        Assert.Equal("😀?", matcher.Append("?"));
    }

    private static string Random(System.Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => "ab\n"[random.Next(3)]));

    private static string LongestPrefixAtTheEnd(string text, string[] stops) =>
        Enumerable.Range(0, text.Length + 1).Select(start => text[start..])
            .First(end => end.Length == 0 || stops.Any(stop => stop.Length > end.Length && stop.StartsWith(end, StringComparison.Ordinal)));

    private static (string? Match, int Cut) FirstToComplete(string text, string[] stops)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            foreach (var stop in stops.Where(stop => stop.Length > 0))
            {
                if (text[..end].EndsWith(stop, StringComparison.Ordinal))
                    return (stop, end - stop.Length);
            }
        }

        return (null, text.Length);
    }
}
