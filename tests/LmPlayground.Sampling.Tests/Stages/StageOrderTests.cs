using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Tests.Stages;

public class StageOrderTests
{
    [Fact]
    public void Presets_name_stages_that_exist()
    {
        foreach (var order in new[] { StageOrder.Transformers, StageOrder.LlamaCpp, StageOrder.Vllm })
            Assert.All(order.Stages, name => Assert.NotNull(SamplingStages.Find(name)));
    }

    [Theory]
    [InlineData("dry", "frequency_penalty", "no_repeat_ngram_size")]
    [InlineData("dynamic_temperature", "temperature", "top_k")]
    [InlineData("xtc", "eta_cutoff", null)]
    [InlineData("mirostat_v2", "eta_cutoff", null)]
    public void A_stage_is_added_at_its_usual_place(string stage, string before, string? after)
    {
        var order = StageOrder.Transformers.Including(stage).Stages;
        var at = order.IndexOf(stage);
        Assert.Equal(before, order[at - 1]);
        Assert.Equal(after, at + 1 < order.Length ? order[at + 1] : null);
    }

    [Fact]
    public void Adding_a_stage_twice_changes_nothing_and_an_unknown_one_is_an_error()
    {
        Assert.Equal(StageOrder.Vllm, StageOrder.Vllm.Including("top_k"));
        Assert.Throws<ArgumentException>(() => StageOrder.Vllm.Including("top_q"));
    }

    [Fact]
    public void Every_stage_can_be_added_to_every_preset()
    {
        foreach (var order in new[] { StageOrder.Transformers, StageOrder.LlamaCpp, StageOrder.Vllm })
        {
            var all = SamplingStages.All.Aggregate(order, (sofar, stage) => sofar.Including(stage.Name));
            Assert.Equal(SamplingStages.All.Select(stage => stage.Name).Order(), all.Stages.Order());
        }
    }
}
