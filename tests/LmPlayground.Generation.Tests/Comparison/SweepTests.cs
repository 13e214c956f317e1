using LmPlayground.Generation.Comparison;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests.Comparison;

public class SweepTests
{
    [Theory]
    [InlineData("temperature=0.2:1.6:0.2", new[] { 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6 })]
    [InlineData("temperature=0.1:0.75:0.3", new[] { 0.1, 0.4, 0.7 })]
    [InlineData("temperature=1:0:-0.5", new[] { 1, 0.5, 0 })]
    [InlineData("top_k = 0, 1, 40", new double[] { 0, 1, 40 })]
    [InlineData("min_p=1e-3,1e-2", new[] { 0.001, 0.01 })]
    public void Lists_and_ranges_are_read_in_decimal(string text, double[] expected) => Assert.Equal(expected, Sweep.Parse(text).Values);

    [Theory]
    [InlineData("temperature", "NAME=FROM:TO:STEP")]
    [InlineData("heat=1:2:1", "no parameter 'heat'")]
    [InlineData("temperature=1:2", "FROM:TO:STEP")]
    [InlineData("temperature=1:2:0", "its step must lead there")]
    [InlineData("temperature=1:2:-1", "its step must lead there")]
    [InlineData("temperature=1:2:3", "its step must lead there")]
    [InlineData("temperature=0:2:0.01", "has 201 values")]
    [InlineData("temperature=0:79228162514264337593543950335:0.0000000000000000000000000001", "far too many")]
    [InlineData("temperature=1,two", "'two' is no number")]
    [InlineData("temperature=1,NaN", "'NaN' is no number")]
    [InlineData("temperature=1", "2 to 64 values, not 1")]
    [InlineData("temperature=1,1.0", "the value 1 twice")]
    [InlineData("temperature=-1,1", "temperature does not take -1")]
    [InlineData("top_k=1,2.5", "top_k does not take 2.5: it is a whole number")]
    public void What_cannot_be_read_is_said(string text, string words)
    {
        var error = Assert.Throws<SettingException>(() => Sweep.Parse(text));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_column_differs_in_the_parameter_alone()
    {
        var request = Runs.Request(new FakeModel());
        var sweep = new Sweep(TemperatureStage.Temperature, [0, 1, 1.5]);
        var columns = sweep.Of(request).Columns;
        Assert.Equal([0, 1, 1.5], columns.Select(column => column.Sampling.Temperature));
        Assert.All(columns, column => Assert.Equal(request, column with { Sampling = request.Sampling }));
        Assert.All(columns, column => Assert.Equal(request.Sampling, column.Sampling.With(TemperatureStage.Temperature, request.Sampling.Temperature)));
        Assert.Equal(["temperature=0", "temperature=1", "temperature=1.5"], sweep.Names);
    }

    [Fact]
    public void A_stage_that_the_order_does_not_name_is_put_into_it_where_a_value_turns_it_on()
    {
        var request = Runs.Request(new FakeModel()) with { Sampling = new SamplingOptions() };
        var columns = Sweep.Parse("mirostat_v2=0,3").Of(request).Columns;
        Assert.Equal(StageOrder.Transformers, columns[0].Sampling.Order);
        Assert.Contains("mirostat_v2", columns[1].Sampling.Order.Stages);
    }

    [Fact]
    public async Task More_than_eight_values_run_side_by_side()
    {
        using var engine = new GenerationEngine();
        using var run = new ComparisonRun(engine, Sweep.Parse("temperature=0:4:0.1").Of(Runs.Request(new FakeModel(), tokens: 4)));
        var rounds = await run.ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal(41, run.Columns.Length);
        await Comparisons.AssertColumnsAreLoneRuns(run, rounds, new GenerationOptions());
    }
}
