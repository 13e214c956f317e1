using LmPlayground.Sampling.Stages;

namespace LmPlayground.Runs.Tests.Requests;

public class RunArgumentsTests
{
    [Theory]
    [InlineData("temperature", "9", "--temperature must be a number from 0 to 5, not '9'.")]
    [InlineData("num_beams", "0", "--num-beams must be a whole number from 1 to 1,024, not '0'.")]
    [InlineData("guidance_scale", "-1", "--guidance-scale must be a finite number, 0 or more, not '-1'.")]
    [InlineData("length_penalty", "1", null)]
    [InlineData("length_penalty", "2", "--length-penalty needs --num-beams.")]
    [InlineData("negative_prompt", "x", "--negative-prompt needs --guidance-scale.")]
    [InlineData("stop_above_entropy_tokens", "7", "--stop-above-entropy-tokens needs --stop-above-entropy above 0.")]
    [InlineData("seed", "x", "--seed must be a whole number from 0 to 18446744073709551615, or -1 to draw one, not 'x'.")]
    public void What_is_wrong_is_said_under_the_name_of_the_option(string name, string text, string? error) =>
        Assert.Equal(error is null ? [] : [error], Read((name, text)).Problems.Select(problem => problem.Error));

    [Fact]
    public void A_stage_that_the_order_does_not_name_would_not_run() =>
        Assert.Equal(
            ["top_k is on, but --order does not name it, so it would not run: add it there."],
            Read(("order", "temperature"), ("top_k", "5")).Problems.Select(problem => problem.Error));

    [Fact]
    public void Beams_and_samples_are_not_asked_for_at_once() =>
        Assert.Equal(["Give --num-beams or --best-of, not both."], Read(("num_beams", "4"), ("best_of", "3")).Problems.Select(problem => problem.Error));

    [Fact]
    public void What_is_given_changes_what_was_there_and_the_default_takes_a_choice_back()
    {
        var start = new RunRequest { Prompt = "Once", Seed = 3, Order = StageOrder.Vllm };
        var reading = RunArguments.Read(
            start, [(RunSettings.Seed, ["-1"]), (RunSettings.Order, ["transformers"]), (RunSettings.Model, ["a", "b"])], setting => setting.CommandLineName);
        Assert.Empty(reading.Problems);
        Assert.Equal(new RunRequest { Prompt = "Once", Model = "b" }, reading.Request);
    }

    private static RunReading Read(params (string Name, string Text)[] given) => RunArguments.Read(
        new RunRequest(),
        given.Select(one => (RunSettings.Find(one.Name)!, (IReadOnlyList<string>)[one.Text])),
        setting => setting.CommandLineName);
}
