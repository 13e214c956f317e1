using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Sampling.Tests.Stopping;

public class StoppingCriteriaTests
{
    private static readonly StoppingOptions Options = new() { MaxNewTokens = 5, StopTokenIds = [2, 3], StopStrings = ["x"] };

    [Theory]
    [InlineData(2, 5, 100, true, "end_of_sequence")]
    [InlineData(3, 5, 100, true, "stop_token")]
    [InlineData(4, 5, 100, true, "stop_string")]
    [InlineData(4, 5, 100, false, "length")]
    [InlineData(4, 4, 100, false, "context_full")]
    public void The_first_reason_in_the_order_of_checking_is_given(
        int token, int newTokens, int length, bool found, string expected) =>
        Assert.Equal(expected, new StoppingCriteria(Options, [2], 100).Check(new StoppingContext(token, newTokens, length, found, TokenConfidence.Certain))?.Name);

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
        Assert.Equal(new StoppingOptions { StopTokenIds = [1, 2] }.GetHashCode(), new StoppingOptions { StopTokenIds = [1, 2] }.GetHashCode());
        Assert.Equal(new StoppingOptions(), new StoppingOptions { MaxTime = 3 } with { MaxTime = 0 });
        Assert.NotEqual(new StoppingOptions { StopStrings = ["a", "b"] }, new StoppingOptions { StopStrings = ["b", "a"] });
    }

    [Fact]
    public void Every_parameter_of_every_rule_is_declared_once_and_makes_options_unequal()
    {
        Assert.Distinct(StoppingRules.Parameters.Select(parameter => parameter.Name));
        Assert.Distinct(StoppingRules.Parameters.Select(parameter => parameter.CommandLineName));
        Assert.All(StoppingRules.Parameters, parameter =>
        {
            var changed = Changed(parameter);
            Assert.NotEqual(new StoppingOptions(), changed);
            Assert.Equal(changed, Changed(parameter));
            Assert.True(changed.Has(parameter));
            Assert.NotEmpty(parameter.Help);
        });
    }

    [Fact]
    public void Every_rule_has_a_reason_of_its_own_that_its_name_finds_again()
    {
        Assert.Distinct(FinishReason.All.Select(reason => reason.Label));
        Assert.All(FinishReason.All, reason => Assert.Same(reason, FinishReason.Find(reason.Name)));
        Assert.Equal(StoppingRules.All.Length + 1, FinishReason.All.Distinct().Count());
        Assert.Null(FinishReason.Find("bored"));
    }

    [Fact]
    public void The_end_is_told_with_what_is_known_of_it()
    {
        Assert.Equal("repeats the last token 1,000 times", Told(new(FinishReason.Repetition, 1) { PatternSize = 1, Count = 1_000 }));
        Assert.Equal("1 improbable token", Told(new(FinishReason.LowProbability, 1) { Count = 1 }));
        Assert.Equal("stop string <x>", Told(new(FinishReason.StopString, 1) { StopString = "x" }));
        Assert.Equal("length", Told(new(FinishReason.Length, 1) { StopString = "x" }));
        Assert.Equal("by you", Told(new(FinishReason.Cancelled, 1)));
    }

    [Fact]
    public void Empty_stop_strings_are_ignored_and_a_negative_id_is_refused()
    {
        Assert.Equal(["a"], new StoppingOptions { StopStrings = ["", "a"] }.StopStrings);
        var error = Assert.Throws<SettingException>(() => new StoppingOptions { StopTokenIds = [4, -1] });
        Assert.StartsWith("stop_token_id must be whole numbers from 0, not -1.", error.Message, StringComparison.Ordinal);
    }

    private static string Told(StopPoint point) => StoppingRules.Explain(point, text => $"<{text}>");

    private static StoppingOptions Changed(Parameter parameter) => parameter switch
    {
        NumberParameter number => new StoppingOptions().With(number, number.Maximum),
        SwitchParameter onOff => new StoppingOptions().With(onOff, !onOff.Default),
        TextListParameter texts => new StoppingOptions().With(texts, ["a"]),
        TokenIdListParameter ids => new StoppingOptions().With(ids, [1]),
        _ => throw new NotSupportedException(parameter.Name),
    };
}
