using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs.Tests.Requests;

public class EscapedTextTests
{
    [Theory]
    [InlineData("\n\n", @"\n\n")]
    [InlineData("a\tb", @"a\tb")]
    [InlineData("\\n", @"\\n")]
    [InlineData("\0", @"\u0000")]
    [InlineData("🐈", "🐈")]
    [InlineData("end.", "end.")]
    public void Text_is_shown_on_one_line_and_read_back(string text, string line)
    {
        Assert.Equal(line, EscapedText.Escape(text));
        Assert.True(EscapedText.TryUnescape(line, out var read, out _));
        Assert.Equal(text, read);
    }

    [Fact]
    public void A_lone_surrogate_is_shown_and_read_back()
    {
        // Attributes are UTF-8 and cannot hold one.
        Assert.Equal(@"a\ud800", EscapedText.Escape("a\ud800"));
        Assert.True(EscapedText.TryUnescape(@"a\ud800", out var read, out _));
        Assert.Equal("a\ud800", read);
    }

    [Theory]
    [InlineData(@"\0", "\0")]
    [InlineData(@"\x41", "A")]
    [InlineData(@"\u4e00", "一")]
    public void Other_escapes_are_accepted(string line, string text)
    {
        Assert.True(EscapedText.TryUnescape(line, out var read, out _));
        Assert.Equal(text, read);
    }

    [Theory]
    [InlineData(@"\")]
    [InlineData(@"a\")]
    [InlineData(@"\q")]
    [InlineData(@"\x4")]
    [InlineData(@"\u12g4")]
    [InlineData(@"\x 1")]
    public void What_is_no_escape_is_named(string line)
    {
        Assert.False(EscapedText.TryUnescape(line, out var text, out var error));
        Assert.Null(text);
        Assert.Contains("is no escape", error, StringComparison.Ordinal);
    }
}
