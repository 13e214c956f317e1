using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs.Tests.Requests;

public class QuotedTests
{
    [Fact]
    public void What_is_short_stands_as_it_is_on_one_line()
    {
        var text = new string('x', Quoted.Most);
        Assert.Equal(text, Quoted.Text(text));
        Assert.Equal(@"a\nb\u0000\ud800", Quoted.Text("a\nb\0\ud800"));
    }

    [Fact]
    public void At_most_200_characters_are_quoted_and_no_character_is_cut()
    {
        foreach (var text in new[] { new string('x', 1 << 20), new string('\0', 200), new string('\\', 101), string.Concat(Enumerable.Repeat("🐈", 200)), "x" + string.Concat(Enumerable.Repeat("🐈", 200)) })
        {
            var quoted = Quoted.Text(text);
            Assert.InRange(quoted.Length, 190, Quoted.Most);
            Assert.EndsWith("…", quoted, StringComparison.Ordinal);
            Assert.DoesNotContain('\ufffd', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(quoted)));
        }
    }

    [Fact]
    public void Every_notice_and_error_quotes_no_more()
    {
        var hostile = Uri.EscapeDataString("<b>" + new string('x', 5000) + "\n\0");
        foreach (var setting in RunSettings.All)
        {
            foreach (var problem in RunQuery.Read($"?{setting.Name}={hostile}").Problems)
            {
                Assert.InRange(problem.Notice.Text.Length, 1, 450);
                Assert.DoesNotContain('\n', problem.Notice.Text);
                Assert.DoesNotContain(new string('x', 201), problem.Error, StringComparison.Ordinal);
            }
        }
    }
}
