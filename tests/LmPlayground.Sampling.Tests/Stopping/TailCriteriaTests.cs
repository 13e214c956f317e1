using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stopping;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Sampling.Tests.Stopping;

/// <summary>The criteria that look back on what a run has generated, and at the clock.</summary>
public class TailCriteriaTests
{
    [Fact]
    public void A_repetition_is_found_at_every_token_exactly_where_the_slow_reference_finds_it()
    {
        var random = new System.Random(3);
        var found = 0;
        for (var round = 0; round < 400; round++)
        {
            var (size, count) = (random.Next(1, 9), random.Next(2, 6));
            var criteria = Criteria(new StoppingOptions { RepetitionMaxPatternSize = size, RepetitionMinCount = count });
            var tokens = new List<int>();
            for (var i = 0; i < 80; i++)
            {
                // Mostly a copy from a few tokens back, so that long loops begin, break off and begin again.
                tokens.Add(i > 8 && random.Next(12) > 0 ? tokens[^(1 + (round % 8))] : random.Next(3));
                var expected = Slow(tokens, size, count);
                Assert.Equal(expected is null ? null : FinishReason.Repetition, criteria.Check(Token(tokens[^1])));
                if (expected is not null)
                    Assert.Equal((expected, count), (PatternOf(criteria), count));
                found += expected is null ? 0 : 1;
            }
        }

        Assert.InRange(found, 1_000, 30_000);
    }

    [Fact]
    public void One_token_twice_is_the_shortest_loop()
    {
        var criteria = Criteria(new StoppingOptions { RepetitionMaxPatternSize = 1, RepetitionMinCount = 2 });
        Assert.Equal([null, null, FinishReason.Repetition, null], new[] { 7, 8, 8, 7 }.Select(id => criteria.Check(Token(id))));
    }

    [Fact]
    public void Of_several_patterns_the_shortest_is_named()
    {
        var criteria = Criteria(new StoppingOptions { RepetitionMaxPatternSize = 4, RepetitionMinCount = 2 });
        criteria.Continue([5, 5, 5], []);
        Assert.Equal(FinishReason.Repetition, criteria.Check(Token(5)));
        Assert.Equal(1, PatternOf(criteria));
    }

    [Fact]
    public void A_fork_remembers_the_past_and_goes_its_own_way()
    {
        var criteria = Criteria(new StoppingOptions { RepetitionMaxPatternSize = 2, RepetitionMinCount = 2, StopBelowProbability = 0.5, StopBelowProbabilityTokens = 2 });
        Assert.Null(criteria.Check(Token(1, 0.1)));
        var fork = criteria.Fork();
        Assert.Equal(FinishReason.Repetition, fork.Check(Token(1)));
        Assert.Equal(FinishReason.LowProbability, criteria.Check(Token(2, 0.1)));
    }

    [Fact]
    public void A_streak_is_broken_by_one_sure_token_and_the_threshold_itself_is_sure()
    {
        var criteria = Criteria(new StoppingOptions { StopBelowProbability = 0.25, StopBelowProbabilityTokens = 2, StopAboveEntropy = 3, StopAboveEntropyTokens = 2 });
        Assert.Null(criteria.Check(Token(1, 0.2, 3.1)));
        Assert.Null(criteria.Check(Token(2, 0.25, 3)));
        Assert.Null(criteria.Check(Token(3, 0.2, 3)));
        Assert.Equal(FinishReason.LowProbability, criteria.Check(Token(4, 0.2, 3.1)));
        Assert.Equal(FinishReason.HighEntropy, criteria.Check(Token(5, 0.9, 3.1)));
        Assert.Equal(new StopPoint(FinishReason.HighEntropy, 9) { Count = 2 }, criteria.Describe(FinishReason.HighEntropy, 9, new StopStringMatcher([])));
    }

    [Fact]
    public void A_continued_token_of_which_nothing_is_known_ends_a_streak()
    {
        var options = new StoppingOptions { StopBelowProbability = 0.5, StopBelowProbabilityTokens = 3 };
        var known = Criteria(options);
        known.Continue([1, 2, 3], [new(0.1, 0), new(0.1, 0)]);
        Assert.Equal(FinishReason.LowProbability, known.Check(Token(4, 0.1)));
        var unknown = Criteria(options);
        unknown.Continue([1, 2, 3], []);
        Assert.Null(unknown.Check(Token(4, 0.1)));
        Assert.Throws<ArgumentException>(() => unknown.Continue([1], [new(0.1, 0), new(0.1, 0)]));
    }

    [Fact]
    public void Where_all_hold_the_order_is_length_context_repetition_probability_entropy_time()
    {
        var time = new FakeTimeProvider();
        var all = new StoppingOptions
        {
            MaxNewTokens = 2,
            RepetitionMaxPatternSize = 1,
            RepetitionMinCount = 2,
            StopBelowProbability = 0.5,
            StopBelowProbabilityTokens = 1,
            StopAboveEntropy = 1,
            StopAboveEntropyTokens = 1,
            MaxTime = 1,
        };
        FinishReason? Reason(StoppingOptions options, int? context)
        {
            var criteria = new StoppingCriteria(options, [], context, time);
            criteria.Continue([4], []);
            time.Advance(TimeSpan.FromSeconds(1));
            return criteria.Check(new StoppingContext(4, 2, 2, false, new TokenConfidence(0.1, 5)));
        }

        Assert.Equal(FinishReason.Length, Reason(all, 2));
        all = all with { MaxNewTokens = 9 };
        Assert.Equal(FinishReason.ContextFull, Reason(all, 2));
        Assert.Equal(FinishReason.Repetition, Reason(all, null));
        all = all with { RepetitionMaxPatternSize = 0 };
        Assert.Equal(FinishReason.LowProbability, Reason(all, null));
        all = all with { StopBelowProbability = 0 };
        Assert.Equal(FinishReason.HighEntropy, Reason(all, null));
        Assert.Equal(FinishReason.TimeLimit, Reason(all with { StopAboveEntropy = 0 }, null));
    }

    [Fact]
    public void The_time_budget_ends_with_its_last_tick_and_zero_is_none()
    {
        var time = new FakeTimeProvider();
        var criteria = new StoppingCriteria(new StoppingOptions { MaxTime = 2.5 }, [], null, time);
        var none = new StoppingCriteria(new StoppingOptions(), [], null, time);
        time.Advance(TimeSpan.FromSeconds(2.5) - TimeSpan.FromTicks(1));
        Assert.Null(criteria.Check(Token(1)));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(FinishReason.TimeLimit, criteria.Check(Token(1)));
        Assert.Null(none.Check(Token(1)));
    }

    private static IEnumerable<NumberParameter> Numbers => StoppingRules.Parameters.OfType<NumberParameter>();

    public static TheoryData<string, double> OutOfRange
    {
        get
        {
            var data = new TheoryData<string, double>();
            foreach (var parameter in Numbers)
            {
                data.Add(parameter.Name, parameter.Minimum - 1);
                data.Add(parameter.Name, parameter.Maximum + 1);
                if (!parameter.IsInteger)
                    data.Add(parameter.Name, double.NaN);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_setting_out_of_range_is_named_with_its_range(string name, double value)
    {
        var parameter = Numbers.Single(parameter => parameter.Name == name);
        var error = Assert.Throws<SettingException>(() => new StoppingOptions().With(parameter, value));
        Assert.StartsWith(name + " must be a ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_has_its_neutral_value_and_nothing_is_on()
    {
        Assert.All(StoppingRules.Parameters, parameter => Assert.False(new StoppingOptions().Has(parameter)));
        Assert.All(Numbers, parameter => Assert.True(parameter.Accepts(parameter.Default)));

        var criteria = Criteria(new StoppingOptions { MaxNewTokens = 1_000 });
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(criteria.Check(Token(1, 0, 30))));
    }

    [Fact]
    public void A_token_allocates_nothing()
    {
        var criteria = Criteria(new StoppingOptions { RepetitionMaxPatternSize = 64, StopBelowProbability = 0.1, StopAboveEntropy = 9, MaxTime = 1000 });
        criteria.Check(Token(0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 1_000; i++)
            criteria.Check(Token(i));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static StoppingCriteria Criteria(StoppingOptions options) => new(options, [], null);

    private static StoppingContext Token(int id, double probability = 1, double entropy = 0) => new(id, 1, 1, false, new TokenConfidence(probability, entropy));

    private static int? PatternOf(StoppingCriteria criteria) =>
        criteria.Describe(FinishReason.Repetition, 0, new StopStringMatcher([])).PatternSize;

    /// <summary>Compares every copy with the last one, from the definition.</summary>
    private static int? Slow(List<int> tokens, int maxSize, int count)
    {
        for (var size = 1; size <= maxSize && size * count <= tokens.Count; size++)
        {
            var last = tokens[^size..];
            if (Enumerable.Range(1, count).All(copy => tokens.GetRange(tokens.Count - (copy * size), size).SequenceEqual(last)))
                return size;
        }

        return null;
    }
}
