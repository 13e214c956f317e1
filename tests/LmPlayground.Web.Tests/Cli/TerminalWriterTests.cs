using LmPlayground.Web.Cli;

namespace LmPlayground.Web.Tests.Cli;

public class TerminalWriterTests
{
    [Theory]
    [InlineData("a\u001b[2Jb", @"a\u001b[2Jb")]
    [InlineData("\u009b31mred", @"\u009b31mred")]
    [InlineData("bell\a back\b", @"bell\u0007 back\u0008")]
    [InlineData("turn\u202eed", @"turn\u202eed")]
    [InlineData("line\n\ttab 花 🐈", "line\n\ttab 花 🐈")]
    public void What_would_drive_the_terminal_is_shown_to_it(string text, string shown)
    {
        using var terminal = new StringWriter();
        using var writer = new TerminalWriter(terminal);
        writer.Write(text);
        Assert.Equal(shown, terminal.ToString());
        using var letters = new StringWriter();
        using var byLetter = new TerminalWriter(letters);
        foreach (var c in text)
            byLetter.Write(c);
        Assert.Equal(shown, letters.ToString());
    }

    [Fact]
    public void A_carriage_return_does_not_write_over_what_stands_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows ends its lines with a carriage return.");
        Assert.Equal(@"harmless\u000d evil", TerminalWriter.Visible("harmless\r evil"));
    }

    [Fact]
    public async Task Every_way_to_write_goes_through_it()
    {
        using var terminal = new StringWriter();
        await using var writer = new TerminalWriter(terminal) { NewLine = "\n" };
        writer.Write("\u001b1");
        writer.WriteLine("\u001b2");
        await writer.WriteAsync("\u001b3");
        await writer.WriteLineAsync("\u001b4");
        writer.Write("{0}", "\u001b5");
        await writer.WriteAsync("\u001b6".AsMemory(), TestContext.Current.CancellationToken);
        writer.Write("\u001b7".AsSpan());
        await writer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain('\u001b', terminal.ToString());
        Assert.Contains("7", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_stays_on_one_line() => Assert.Equal(@"a\nb\u001bc", TerminalWriter.Name("a\nb\u001bc"));
}
