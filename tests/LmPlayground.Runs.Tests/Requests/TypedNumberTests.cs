using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Runs.Tests.Requests;

public sealed class TypedNumberTests
{
    [Theory]
    [InlineData("0,95", "0.95")]
    [InlineData(",5", ".5")]
    [InlineData("1,024", "1.024")]
    [InlineData("1.024", "1.024")]
    [InlineData("1.024,5", "1024.5")]
    [InlineData("1,024.5", "1024.5")]
    [InlineData("1,234,567", "1234567")]
    [InlineData("4 096", "4096")]
    [InlineData("4 096,25", "4096.25")]
    [InlineData("4'096", "4096")]
    [InlineData("4’096’000", "4096000")]
    [InlineData("０．９５", "0.95")]
    [InlineData("０，９５", "0.95")]
    [InlineData("１。５", "1.5")]
    [InlineData("٠٫٥", "0.5")]
    [InlineData("०.५", "0.5")]
    [InlineData("−１", "-1")]
    [InlineData("－0,5", "-0.5")]
    [InlineData("1e-3", "1e-3")]
    [InlineData("1,5E2", "1.5E2")]
    [InlineData(" 7 ", "7")]
    public void A_number_is_read_in_every_hand(string typed, string plain) => Assert.Equal(plain, TypedNumber.Plain(typed, isWhole: false));

    [Theory]
    [InlineData("1,024", "1024")]
    [InlineData("１，０２４", "1024")]
    [InlineData("1.024", "1.024")]
    [InlineData("10,5", "10.5")]
    [InlineData("1,0245", "1.0245")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    public void In_a_whole_number_a_comma_before_three_digits_stands_between_thousands(string typed, string plain) =>
        Assert.Equal(plain, TypedNumber.Plain(typed, isWhole: true));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1,2,3")]
    [InlineData("1.2.3")]
    [InlineData("1 2")]
    [InlineData("0.5 0.6")]
    [InlineData("1,024,5")]
    [InlineData("12,34,567")]
    [InlineData("½")]
    [InlineData("五")]
    [InlineData("1\ud83d")]
    [InlineData("NaN")]
    public void What_is_no_number_stays_as_it_was_typed(string typed) => Assert.Equal(typed, TypedNumber.Plain(typed, isWhole: true));
}
