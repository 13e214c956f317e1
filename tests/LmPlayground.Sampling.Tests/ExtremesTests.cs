using System.Collections.Immutable;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests;

/// <summary>Every parameter of every stage and every stop at the ends of its range, and next to them: never NaN, never nothing left, never an exception.</summary>
public class ExtremesTests
{
    public static TheoryData<string> Stages { get; } = [.. SamplingStages.All.Select(stage => stage.Name)];

    public static TheoryData<string> Rules { get; } = [.. StoppingRules.All.Select(rule => rule.Reason.Name)];

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_at_the_ends_of_its_parameters_leaves_something_to_draw_with_finite_numbers(string name)
    {
        var stage = SamplingStages.Find(name)!;
        StageOrder[] orders = name == TemperatureStage.StageName
            ? [new(name)]
            : [new(name), new(TemperatureStage.StageName, name), new(name, TemperatureStage.StageName)];
        foreach (var options in Settings(stage).SelectMany(settings => orders.Select(order => settings with { Order = order })))
        {
            // The temperature beside it is at its own end: it all but divides by zero.
            var beside = name == TemperatureStage.StageName ? options : options.With(TemperatureStage.Temperature, 1e-300);
            foreach (var (logits, history) in Cases())
                AssertSane(beside, logits, history);
        }
    }

    [Theory]
    [InlineData(0.01, 10)]
    [InlineData(1e-300, 10)]
    [InlineData(1e-20, 1.75)]
    [InlineData(0.5, 1.02)]
    [InlineData(5e-324, 3)]
    public void Dry_stops_growing_at_the_greatest_float32_in_a_repetition_of_thousands_of_tokens(double multiplier, double growth)
    {
        // llama.cpp's rule: the exponent goes no further than where base^exponent leaves float32.
        var exponent = 0;
        while (Math.Pow(growth, exponent + 1) <= float.MaxValue)
            exponent++;
        var options = new SamplingOptions { Order = StageOrder.LlamaCpp }
            .With(DryStage.Multiplier, multiplier).With(DryStage.Base, growth).With(DryStage.SequenceBreakers, []);
        var chain = ChainRunner.Run([0, 0], options, new int[6_000], 1);
        var expected = (float)(-multiplier * Math.Pow(growth, exponent));
        Assert.InRange(chain.Candidates.Logit(0), expected - (1e-5f * Math.Abs(expected)), expected + (1e-5f * Math.Abs(expected)));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_stop_at_the_ends_of_its_parameters_checks_any_token_without_an_exception(string name)
    {
        var rule = StoppingRules.All.Single(rule => rule.Reason.Name == name);
        TokenConfidence[] confidences = [new(0, 0), new(1, 0), new(0, 32), new(1, double.MaxValue), new(double.Epsilon, double.Epsilon), new(double.NaN, double.NaN)];
        foreach (var options in Settings(rule))
        {
            var criteria = new StoppingCriteria(options, [0, int.MaxValue], int.MaxValue);
            criteria.Continue([0, int.MaxValue], [confidences[0], confidences[^1]]);
            for (var i = 0; i < 2_500; i++)
            {
                var context = new StoppingContext(i % 2 == 0 ? 7 : int.MaxValue, i + 1, int.MaxValue - 2_500 + i, i % 3 == 0, confidences[i / 400 % confidences.Length]);
                if (criteria.Check(context) is { } reason)
                    Assert.NotEmpty(StoppingRules.Explain(criteria.Describe(reason, i, new StopStringMatcher(options.StopStrings)), text => text));
                if (i % 500 == 0)
                    criteria = criteria.Fork();
            }
        }
    }

    private static void AssertSane(SamplingOptions options, float[] logits, int[] history)
    {
        var vocabulary = new FakeVocabulary([.. Enumerable.Range(0, logits.Length).Select(id => $"{(char)('a' + (id % 26))}{id}")])
        {
            EndOfSequenceIds = [1],
            StopTokenIds = [2],
        };
        var chain = ChainRunner.Run(logits, options, history, history.Length / 2, vocabulary);
        var kept = chain.Kept();
        Assert.NotEmpty(kept);
        Assert.Equal(chain.Candidates.Count, kept.Length);
        Assert.All(kept, id => Assert.True(double.IsFinite(chain.Candidates.Logit(id))));
        Assert.Equal(1, kept.Sum(chain.Candidates.Probability), 1e-9);
        Assert.All(chain.Traces.ToArray(), trace => Assert.True(double.IsFinite(trace.EntropyAfter) && trace.RemovedMass is >= 0 and <= 1));
        foreach (var u in new[] { 0, 0.5, 1 - 1.0 / (1L << 53) })
        {
            var draw = chain.Candidates.Draw(u);
            Assert.Contains(draw.Id, kept);
            chain.Observe(draw);
            Assert.True(chain.State is null or (> double.NegativeInfinity and < double.PositiveInfinity));
        }
    }

    private static IEnumerable<(float[] Logits, int[] History)> Cases()
    {
        // What was said covers half of the vocabulary at most, so that bans of it leave something.
        int[] said = [.. Enumerable.Range(0, 3_000).Select(i => 5 + (i * i % 7))];
        yield return (new float[40], said);
        yield return ([.. Enumerable.Range(0, 40).Select(id => id % 2 == 0 ? float.MaxValue : -float.MaxValue)], said);
        yield return ([.. Enumerable.Range(0, 40).Select(id => float.Epsilon * id)], said);
        yield return ([.. Enumerable.Range(0, 40).Select(id => id % 3 == 0 ? -40f + id : float.NegativeInfinity)], new int[4_000]);
        yield return ([.. Enumerable.Range(0, 40).Select(id => (float)Math.Sin(id) * 9)], [20]);
    }

    private static IEnumerable<SamplingOptions> Settings(SamplingStage stage)
    {
        IEnumerable<SamplingOptions> all = [new()];
        foreach (var parameter in stage.Parameters)
            all = all.SelectMany(options => Ends(parameter).Select(value => options.With(parameter, value)));
        foreach (var texts in stage.Texts)
            all = all.SelectMany(options => Lists(stage, texts).Select(list => options.With(texts, list)));
        return [.. all];
    }

    private static IEnumerable<ValueList<string>> Lists(SamplingStage stage, TextListParameter texts) => stage is LogitBiasStage
        ? [[], ["#0=100", "#1=-100", "#2=0", "a0=1e-300"], [.. Enumerable.Range(0, 40).Select(id => $"#{id}=-100")], [.. Enumerable.Repeat("#3=100", 50)]]
        : [[], texts.Default, ["a0"], [.. Enumerable.Repeat("b27", 50)], ["a0b1c2d3e4"]];

    private static IEnumerable<StoppingOptions> Settings(StoppingRule rule)
    {
        IEnumerable<StoppingOptions> all = [new() { MaxNewTokens = 100_000 }];
        foreach (var parameter in rule.Parameters)
        {
            all = all.SelectMany(options => parameter switch
            {
                NumberParameter number => Ends(number).Select(value => options.With(number, value)),
                SwitchParameter onOff => [options.With(onOff, false), options.With(onOff, true)],
                TextListParameter texts => [options, options.With(texts, ["a", new string('b', 10_000), "\0", "\ud800"])],
                TokenIdListParameter ids => [options, options.With(ids, [0, int.MaxValue, 7, 7])],
                _ => throw new NotSupportedException(parameter.Name),
            });
        }

        return [.. all];
    }

    private static ImmutableArray<double> Ends(NumberParameter parameter)
    {
        double[] ends = parameter.IsInteger
            ? [parameter.Minimum, parameter.Minimum + 1, parameter.Maximum - 1, parameter.Maximum, parameter.Default]
            : [parameter.Minimum, Math.BitIncrement(parameter.Minimum), Math.BitDecrement(parameter.Maximum), parameter.Maximum, parameter.Default];
        return [.. ends.Where(parameter.Accepts).Distinct()];
    }
}
