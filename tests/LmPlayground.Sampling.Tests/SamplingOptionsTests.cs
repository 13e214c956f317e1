using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Tests;

public class SamplingOptionsTests
{
    [Fact]
    public void Equal_settings_are_equal_records()
    {
        var a = new SamplingOptions().With(TopKStage.K, 5).With(TopPStage.P, 0.5);
        var b = new SamplingOptions().With(TopPStage.P, 0.5).With(TopKStage.K, 7).With(TopKStage.K, 5);
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.NotEqual(a, b.With(TopKStage.K, 6));
        Assert.NotEqual(a, a with { Order = StageOrder.LlamaCpp });
        Assert.Equal(new SamplingOptions(), a.With(TopKStage.K, 0).With(TopPStage.P, 1));
    }

    [Theory]
    [InlineData("temperature", -0.1)]
    [InlineData("temperature", 5.1)]
    [InlineData("temperature", double.NaN)]
    [InlineData("top_k", 2.5)]
    [InlineData("top_k", -1)]
    [InlineData("top_p", 1.0001)]
    [InlineData("top_p", double.PositiveInfinity)]
    public void A_value_out_of_range_is_an_error_that_names_the_parameter_and_its_range(string name, double value)
    {
        var parameter = SamplingStages.Parameters.Single(known => known.Name == name);
        var error = Assert.Throws<SettingException>(() => new SamplingOptions().With(parameter, value));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.True(parameter.Accepts(parameter.Clamp(value)));
    }

    [Fact]
    public void Every_stage_is_declared_once_with_a_neutral_value_that_turns_it_off()
    {
        Assert.Distinct(SamplingStages.All.Select(stage => stage.Name));
        Assert.Distinct(SamplingStages.Parameters.Select(parameter => parameter.Name));
        foreach (var stage in SamplingStages.All)
        {
            Assert.Null(stage.Create(new SamplingOptions()));
            Assert.All(stage.Parameters, parameter =>
            {
                Assert.True(parameter.Accepts(parameter.Default));
                Assert.InRange(parameter.SliderMaximum, parameter.Minimum, parameter.Maximum);
                Assert.NotEmpty(parameter.Help);
            });
        }
    }

    [Fact]
    public void Lists_of_texts_are_values_too()
    {
        var a = new SamplingOptions().With(BadWordsStage.Words, ["x", "y"]);
        Assert.Equal(a, new SamplingOptions().With(BadWordsStage.Words, ["x", "y"]));
        Assert.Equal(a.GetHashCode(), new SamplingOptions().With(BadWordsStage.Words, ["x", "y"]).GetHashCode());
        Assert.NotEqual(a, new SamplingOptions().With(BadWordsStage.Words, ["y", "x"]));
        Assert.Equal(new SamplingOptions(), a.With(BadWordsStage.Words, []));
        Assert.Equal(new SamplingOptions(), new SamplingOptions().With(DryStage.SequenceBreakers, ["\n", ":", "\"", "*"]));
        Assert.Empty(new SamplingOptions().With(DryStage.SequenceBreakers, [])[DryStage.SequenceBreakers]);
    }

    [Fact]
    public void A_stage_named_twice_in_an_order_is_an_error() =>
        Assert.Throws<SettingException>(() => new StageOrder("top_p", "temperature", "top_p"));
}
