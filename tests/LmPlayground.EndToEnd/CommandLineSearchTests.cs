using System.Text.Json;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>Strategies that follow several sequences, without a browser.</summary>
public class CommandLineSearchTests
{
    private static readonly string[] Story = ["generate", "--model", "transformer", "--prompt", "Once upon a time", "--seed", "7"];

    [Theory]
    [InlineData("--num-beams", "4", "--num-return-sequences", "3")]
    [InlineData("--num-beams", "4", "--num-beam-groups", "2", "--diversity-penalty", "1", "--num-return-sequences", "3", "--early-stopping", "never")]
    [InlineData("--best-of", "4", "--num-return-sequences", "3")]
    [InlineData("--num-beams", "4", "--num-return-sequences", "3", "--guidance-scale", "1.5", "--negative-prompt", "A sad story:")]
    public async Task A_search_gives_one_object_a_sequence_best_first_and_its_text_is_the_first_ones(params string[] options)
    {
        string[] arguments = [.. Story, "--max-new-tokens", "8", .. options];
        var json = await CommandLine.RunAsync([.. arguments, "--json"]);
        Assert.Equal((0, ""), (json.ExitCode, json.Error));
        var sequences = json.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(3, sequences.Length);
        Assert.All(sequences, sequence =>
        {
            Assert.Equal(["ids", "text", "score", "logProbabilities", "finishReason"], sequence.EnumerateObject().Select(property => property.Name));
            Assert.Equal(8, sequence.GetProperty("ids").GetArrayLength());
            Assert.All(sequence.GetProperty("logProbabilities").EnumerateArray(), value => Assert.True(value.GetDouble() <= 0));
            Assert.Equal(8, sequence.GetProperty("logProbabilities").GetArrayLength());
            Assert.Equal("length", sequence.GetProperty("finishReason").GetString());
        });
        var scores = sequences.Select(sequence => sequence.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(scores.OrderDescending(), scores);
        var text = await CommandLine.RunAsync(arguments);
        Assert.Equal(sequences[0].GetProperty("text").GetString() + "\n", text.Output);
    }

    [Theory]
    [InlineData("low_probability", 2, "--stop-below-probability", "1", "--stop-below-probability-tokens", "2")]
    [InlineData("high_entropy", 2, "--stop-above-entropy", "0.000001", "--stop-above-entropy-tokens", "2")]
    [InlineData("time_limit", 1, "--max-time", "0.000001")]
    public async Task A_criterion_ends_the_run_and_the_summary_says_why_and_where(string reason, int tokens, params string[] options)
    {
        var run = await CommandLine.RunAsync([.. Story, "--max-new-tokens", "20", "--json", .. options]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(tokens + 1, run.Lines.Length);
        var summary = JsonDocument.Parse(run.Lines[^1]).RootElement;
        Assert.Equal(reason, summary.GetProperty("finishReason").GetString());
        var stop = summary.GetProperty("stop");
        Assert.Equal(reason, stop.GetProperty("reason").GetString());
        Assert.Equal(summary.GetProperty("promptTokens").GetInt32() + tokens - 1, stop.GetProperty("position").GetInt32());
        Assert.Equal(stop.GetRawText(), JsonDocument.Parse(run.Lines[^2]).RootElement.GetProperty("stop").GetRawText());
    }

    [Fact]
    public async Task One_beam_is_greedy_and_guidance_of_one_is_none()
    {
        string[] arguments = [.. Story, "--max-new-tokens", "12"];
        var greedy = await CommandLine.RunAsync([.. arguments, "--temperature", "0"]);
        Assert.Equal(greedy.Output, (await CommandLine.RunAsync([.. arguments, "--num-beams", "1"])).Output);
        Assert.Equal(greedy.Output, (await CommandLine.RunAsync([.. arguments, "--temperature", "0", "--guidance-scale", "1", "--negative-prompt", "No"])).Output);
        Assert.NotEqual(greedy.Output, (await CommandLine.RunAsync([.. arguments, "--temperature", "0", "--guidance-scale", "4", "--negative-prompt", "Once upon a time, there"])).Output);
    }

    [Theory]
    [InlineData("--num-beams must be a whole number from 1", "--num-beams", "0")]
    [InlineData("--num-beams must be a whole number", "--num-beams", "four")]
    [InlineData("not both", "--num-beams", "2", "--best-of", "2")]
    [InlineData("--length-penalty needs --num-beams", "--length-penalty", "2")]
    [InlineData("--early-stopping must be", "--num-beams", "2", "--early-stopping", "maybe")]
    [InlineData("--num-beam-groups must divide", "--num-beams", "4", "--num-beam-groups", "3", "--diversity-penalty", "1")]
    [InlineData("--diversity-penalty must be above 0", "--num-beams", "4", "--num-beam-groups", "2")]
    [InlineData("--num-return-sequences must be from 1", "--best-of", "2", "--num-return-sequences", "3")]
    [InlineData("--num-return-sequences needs", "--num-return-sequences", "3")]
    [InlineData("--negative-prompt needs --guidance-scale", "--negative-prompt", "No")]
    [InlineData("--guidance-scale must be", "--guidance-scale", "-1")]
    [InlineData("stop_below_probability does not go with beam search", "--num-beams", "2", "--stop-below-probability", "0.1")]
    [InlineData("--max-time must be a number from 0 to", "--max-time", "-1")]
    [InlineData("--max-time must be a number from 0 to", "--max-time", "NaN")]
    [InlineData("--repetition-min-count must be a whole number from 2", "--repetition-max-pattern-size", "4", "--repetition-min-count", "1")]
    [InlineData("--stop-above-entropy-tokens needs --stop-above-entropy", "--stop-above-entropy-tokens", "2")]
    public async Task Options_that_do_not_fit_end_with_one_line_that_names_them(string message, params string[] options)
    {
        var result = await CommandLine.RunAsync([.. Story, .. options]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
