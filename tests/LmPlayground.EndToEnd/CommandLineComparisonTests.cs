using System.Text.Json;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>Strategies and models side by side, without a browser.</summary>
public class CommandLineComparisonTests
{
    private static readonly string[] Story = ["--model", "transformer", "--prompt", "Once upon a time", "--seed", "7"];

    [Fact]
    public async Task Json_has_one_object_a_round_one_a_column_and_one_of_the_whole()
    {
        var result = await CommandLine.RunAsync(
            ["compare", .. Story, "--max-new-tokens", "8", "--top", "2", "--json", "--column", "temperature=5", "--column", "temperature=0,max_new_tokens=5", "--column", "model=lstm,seed=9"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var lines = result.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(8 + 3 + 1, lines.Length);
        for (var round = 0; round < 8; round++)
        {
            Assert.Equal(round, lines[round].GetProperty("round").GetInt32());
            Assert.Equal(3, lines[round].GetProperty("tokens").GetArrayLength());
            Assert.Equal(round >= 5, lines[round].GetProperty("tokens")[1].ValueKind == JsonValueKind.Null);
        }

        var columns = lines[8..11];
        Assert.All(columns, column => Assert.Equal(
            ["column", "name", "model", "error", "finishReason", "seed", "text", "promptTokens", "newTokens", "metrics", "difference"],
            column.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(["temperature=5", "temperature=0,max_new_tokens=5", "model=lstm,seed=9"], columns.Select(column => column.GetProperty("name").GetString()));
        Assert.Equal(["transformer", "transformer", "lstm"], columns.Select(column => column.GetProperty("model").GetString()));
        Assert.Equal([8, 5, 8], columns.Select(column => column.GetProperty("newTokens").GetInt32()));
        Assert.Equal(JsonValueKind.Null, columns[0].GetProperty("metrics").GetProperty("self_bleu").ValueKind);

        // Greedy rules out what sampling may draw, and the command says so rather than fail.
        var sampled = columns[1].GetProperty("difference").GetProperty("sampled");
        Assert.Equal("Infinity", sampled.GetProperty("kullbackLeibler").GetString());
        Assert.InRange(sampled.GetProperty("reverseKullbackLeibler").GetDouble(), 0, 50);
        Assert.Equal(["firstDifference", "forwardPasses", "forks", "metrics"], lines[^1].EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Each_column_is_what_generate_gives()
    {
        string[] arguments = [.. Story, "--max-new-tokens", "12", "--top-k", "40"];
        var compared = await CommandLine.RunAsync(["compare", .. arguments, "--json", "--column", "temperature=0.7", "--column", "temperature=1.4,top_p=0.9"]);
        var alone = await CommandLine.RunAsync(["generate", .. arguments, "--temperature", "1.4", "--top-p", "0.9", "--json"]);
        var tokens = compared.Lines[..12].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("tokens")[1].ToString());
        Assert.Equal(alone.Lines[..^1], tokens);
    }

    [Fact]
    public async Task A_sweep_has_a_column_for_each_value_and_a_table()
    {
        var result = await CommandLine.RunAsync(["compare", .. Story, "--max-new-tokens", "3", "--sweep", "temperature=0.2:2.2:0.2"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        for (var i = 0; i < 11; i++)
            Assert.Equal(2, result.Lines.Count(line => line.StartsWith($"[{i}] temperature=", StringComparison.Ordinal)));
        Assert.Contains("mean surprisal", result.Output, StringComparison.Ordinal);
        Assert.Contains("All columns together: distinct-1 ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_scored_by_each_model_in_bits_a_character()
    {
        string[] arguments = ["score", "--model", "transformer", "--model", "characters", "--prompt", "Once upon a ", "--text", "time, there was"];
        var json = await CommandLine.RunAsync([.. arguments, "--json"]);
        Assert.Equal((0, ""), (json.ExitCode, json.Error));
        var scores = json.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["transformer", "characters"], scores.Select(score => score.GetProperty("model").GetString()));
        Assert.All(scores, score =>
        {
            Assert.Equal(
                ["model", "text", "fromPrompt", "contextTokens", "totalBits", "characters", "bitsPerToken", "bitsPerCharacter", "tokens"],
                score.EnumerateObject().Select(property => property.Name));
            var bits = score.GetProperty("tokens").EnumerateArray().Sum(token => token.GetProperty("surprisal").GetDouble());
            Assert.Equal(bits, score.GetProperty("totalBits").GetDouble(), 1e-9);
            Assert.Equal(bits / score.GetProperty("text").GetString()!.Length, score.GetProperty("bitsPerCharacter").GetDouble(), 1e-9);
        });
        Assert.Equal([" time, there was", "time, there was"], scores.Select(score => score.GetProperty("text").GetString()));

        var table = await CommandLine.RunAsync(arguments);
        Assert.StartsWith("model ", table.Lines[0], StringComparison.Ordinal);
        Assert.Contains("transformer: one token holds the end of the prompt", table.Output, StringComparison.Ordinal);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "time, there was", TestContext.Current.CancellationToken);
            Assert.Equal(table.Output, (await CommandLine.RunAsync([.. arguments[..^2], "--text-file", file])).Output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("2 to 64 columns", "compare")]
    [InlineData("2 to 64 columns", "compare", "--column", "top_k=1")]
    [InlineData("not both", "compare", "--sweep", "top_k=1,2", "--column", "top_k=1")]
    [InlineData("no setting 'heat'", "compare", "--column", "heat=1", "--column", "")]
    [InlineData("NAME=VALUE", "compare", "--column", "hot", "--column", "")]
    [InlineData("from 0 to 5", "compare", "--column", "temperature=9", "--column", "")]
    [InlineData("seed must be", "compare", "--column", "seed=-2", "--column", "")]
    [InlineData("max_new_tokens must be", "compare", "--column", "max_new_tokens=0", "--column", "")]
    [InlineData("top_k is on", "compare", "--column", "order=top_p,temperature,top_k=5", "--column", "order=temperature,top_k=5,order=temperature")]
    [InlineData("nosuch", "compare", "--column", "model=nosuch", "--column", "")]
    [InlineData("--sweep: temperature does not take 9", "compare", "--sweep", "temperature=1,9")]
    [InlineData("--text", "score")]
    [InlineData("not both", "score", "--text", "a", "--text-file", "b")]
    [InlineData("there is no file", "score", "--text-file", "no such file")]
    [InlineData("empty", "score", "--text", "")]
    public async Task Wrong_input_ends_with_one_line_that_names_it(string message, string command, params string[] options)
    {
        var story = command == "score" ? [.. Story[..4]] : Story;
        var result = await CommandLine.RunAsync([command, .. story, .. options]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_fails_is_shown_beside_those_that_do_not()
    {
        // Sixty-five letters are all that the second model knows.
        var result = await CommandLine.RunAsync(
            "compare", "--model", "transformer", "--prompt-ids", "500,261,415", "--max-new-tokens", "3", "--column", "", "--column", "model=characters", "--json");
        Assert.Equal(1, result.ExitCode);
        var columns = result.Lines[3..5].Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal([3, 0], columns.Select(column => column.GetProperty("newTokens").GetInt32()));
        Assert.Contains("not in the vocabulary", columns[1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
