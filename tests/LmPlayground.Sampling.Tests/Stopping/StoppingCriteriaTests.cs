using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Sampling.Tests.Stopping;

public class StoppingCriteriaTests
{
    private static readonly StoppingOptions Options = new() { MaxNewTokens = 5, StopTokenIds = [2, 3] };

    [Theory]
    [InlineData(2, 5, 100, true, FinishReason.EndOfSequence)]
    [InlineData(3, 5, 100, true, FinishReason.StopToken)]
    [InlineData(4, 5, 100, true, FinishReason.StopString)]
    [InlineData(4, 5, 100, false, FinishReason.Length)]
    [InlineData(4, 4, 100, false, FinishReason.ContextFull)]
    public void The_first_reason_in_the_order_of_checking_is_given(
        int token, int newTokens, int length, bool found, FinishReason expected) =>
        Assert.Equal(expected, new StoppingCriteria(Options, [2], 100).Check(new StoppingContext(token, newTokens, length, found, TokenConfidence.Certain)));

    [Fact]
    public void Nothing_stops_before_its_time()
    {
        var criteria = new StoppingCriteria(Options with { StopAtEndOfSequence = false }, [9], null);
        Assert.Null(criteria.Check(new StoppingContext(9, 4, 1_000_000, false, TokenConfidence.Certain)));
    }

    [Fact]
    public void Equal_stops_are_equal_records()
    {
        Assert.Equal(new StoppingOptions { StopStrings = ["a", "b"] }, new StoppingOptions { StopStrings = ["a", "b"] });
        Assert.NotEqual(new StoppingOptions(), new StoppingOptions { IncludeStopString = true });
        Assert.All(StoppingParameter.All, parameter =>
            Assert.NotEqual(new StoppingOptions(), parameter.Set(new StoppingOptions(), parameter.Number.Minimum + parameter.Number.Maximum)));
        Assert.NotEqual(new StoppingOptions { StopStrings = ["a", "b"] }, new StoppingOptions { StopStrings = ["b", "a"] });
    }
}
