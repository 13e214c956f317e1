using System.Text;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Tokenizers.Tests.Files;

/// <summary>Issue 12, A1: JSON as Python writes it is valid, and errors name the place that they mean.</summary>
public sealed class PythonJsonTests
{
    [Theory]
    [InlineData("50.0", 50)]
    [InlineData("131072.0", 131072)]
    [InlineData("1e3", 1000)]
    [InlineData("1.5e1", 15)]
    [InlineData("1E+2", 100)]
    [InlineData("-7.000", -7)]
    [InlineData("-0.0", 0)]
    [InlineData("2147483647.0", int.MaxValue)]
    [InlineData("-2.147483648e9", int.MinValue)]
    public void A_whole_float_is_an_integer(string written, int value)
    {
        var number = Parse($$"""{"n": {{written}}}""").Required("n");
        Assert.Equal(value, number.AsInt32());
        Assert.Equal(value, number.AsInt64());
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("131072.25")]
    [InlineData("2147483648.0")]
    [InlineData("1e99")]
    [InlineData("1e999")]
    [InlineData("\"50\"")]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    public void What_is_no_whole_number_is_refused_at_its_place(string written)
    {
        var error = Assert.Throws<ModelLoadException>(() => Parse($$"""{"a": [1, {"n": {{written}}}]}""").Required("a").Items().Last().Required("n").AsInt32());
        Assert.Contains("a[1].n", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("-9223372036854775808.0", long.MinValue)]
    public void A_long_integer_keeps_every_digit(string written, long value) => Assert.Equal(value, Parse($$"""{"n": {{written}}}""").Required("n").AsInt64());

    [Fact]
    public void An_integer_past_the_greatest_long_is_refused() =>
        Assert.Throws<ModelLoadException>(() => Parse("""{"n": 9223372036854775808.0}""").Required("n").AsInt64());

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    public void A_number_that_is_not_finite_hinders_nothing_beside_it(string word)
    {
        var file = Parse($$"""{"a":{{word}},"b":[{{word}}, {{word}}],"c": {{word}} , "d": 3, "e": "{{word}}", "{{word}}": "\\", "f": "\"{{word}}"}""");
        Assert.Equal(3, file.Integer("d"));
        Assert.Equal(word, file.Text("e"));
        Assert.Equal("\\", file.Text(word));
        Assert.Equal("\"" + word, file.Text("f"));
        Assert.Equal(2, file.Required("b").Items().Count());
        Assert.Contains("at a:", Assert.Throws<ModelLoadException>(() => file.Required("a").AsDouble()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("+Infinity")]
    [InlineData("--Infinity")]
    [InlineData("NaN1")]
    [InlineData("1NaN")]
    [InlineData("-NaN")]
    [InlineData("NaNInfinity")]
    [InlineData("\\NaN")]
    public void Words_that_Python_does_not_write_are_no_JSON(string word) =>
        Assert.Contains("is not valid JSON", Assert.Throws<ModelLoadException>(() => Parse($$"""{"a": {{word}}}""")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{\n\"a\": NaN,\n\"b\": -Infinity, \"c\": x}", 3, 21)]
    [InlineData("{\"a\": Infinity, \"b\": NaN \"c\": 1}", 1, 25)]
    [InlineData("{\"a\": x, \"b\": NaN}", 1, 6)]
    [InlineData("{\n\n\"a\" 3}", 3, 4)]
    public void A_real_error_keeps_its_line_and_byte_and_no_download_is_advised(string text, int line, int at)
    {
        var message = Assert.Throws<ModelLoadException>(() => Parse(text)).Message;
        Assert.Contains($"line {line}, byte {at}", message, StringComparison.Ordinal);
        Assert.DoesNotContain("ownload", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{")]
    [InlineData("{\"a\": NaN, \"b\"")]
    [InlineData("{\"a\": \"Na")]
    [InlineData("{\"a\": tru")]
    [InlineData("{\"a\": [1, 2]")]
    public void A_file_that_ends_too_early_is_to_be_downloaded_again(string text) =>
        Assert.Contains("Download it again", Assert.Throws<ModelLoadException>(() => Parse(text)).Message, StringComparison.Ordinal);

    private static JsonSource Parse(string json) => JsonSource.Parse("file.json", Encoding.UTF8.GetBytes(json));
}
