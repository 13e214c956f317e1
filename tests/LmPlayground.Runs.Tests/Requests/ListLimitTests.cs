using System.Text.Json;
using LmPlayground.Generation.Comparison;

namespace LmPlayground.Runs.Tests.Requests;

/// <summary>Lists of an address, of JSON and of a command line end somewhere, and who gives more is told once.</summary>
public class ListLimitTests
{
    public static TheoryData<string, int> Lists => new()
    {
        { "stop", 100 },
        { "dry_sequence_breakers", 100 },
        { "bad_words", 1_000 },
        { "stop_token_id", 4_096 },
        { "prompt_ids", 4_096 },
        { "column", ComparisonRequest.MostColumns },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void The_first_entries_of_a_list_that_is_too_long_are_used_and_one_notice_says_so(string name, int most)
    {
        foreach (var count in new[] { most + 1, 3 * most, 100_000 })
        {
            var reading = RunQuery.Read("?" + string.Join('&', Enumerable.Range(0, count).Select(i => $"{name}={Entry(name, i)}")));
            var problem = Assert.Single(reading.Problems);
            Assert.Contains($"{name} has {count:N0} entries: the first {most:N0} are used.", problem.Notice.Text, StringComparison.Ordinal);
            Assert.Contains($"at most {most:N0} may be given", problem.Error, StringComparison.Ordinal);
            Assert.Equal(RunQuery.Read("?" + string.Join('&', Enumerable.Range(0, most).Select(i => $"{name}={Entry(name, i)}"))).Request, reading.Request);
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void As_many_as_there_may_be_are_no_problem(string name, int most)
    {
        var reading = RunQuery.Read("?" + string.Join('&', Enumerable.Range(0, most).Select(i => $"{name}={Entry(name, i)}")));
        Assert.Empty(reading.Problems);
    }

    [Theory]
    [InlineData("stop", "\"{0}\"", 101)]
    [InlineData("stop_token_id", "{0}", 4_097)]
    [InlineData("prompt_ids", "{0}", 50_000)]
    [InlineData("column", "{{\"top_k\":{0}}}", 65)]
    public void In_json_it_is_the_same(string name, string entry, int count)
    {
        var list = string.Join(',', Enumerable.Range(1, count).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, entry, i)));
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RunRequest>($"{{\"{name}\":[{list}]}}"));
        Assert.Contains($"{name} has {count:N0} entries", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt_ids")]
    [InlineData("stop_token_id")]
    public void Commas_make_entries_too(string name)
    {
        var reading = RunQuery.Read($"?{name}={string.Join(',', Enumerable.Range(0, 150_000))}");
        Assert.Contains("150,000 entries", Assert.Single(reading.Problems).Notice.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stop_token_id", "x")]
    [InlineData("stop", "\\q")]
    [InlineData("column", "top_k=x")]
    public void A_list_of_faults_is_told_with_a_few_of_them(string name, string entry)
    {
        var reading = RunQuery.Read("?" + string.Join('&', Enumerable.Repeat($"{name}={Uri.EscapeDataString(entry)}", 50)));
        Assert.Equal(9, reading.Problems.Length);
        Assert.Contains("further", reading.Problems[^1].Notice.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("bad_words")]
    [InlineData("dry_sequence_breakers")]
    public void An_entry_has_a_longest_length(string name)
    {
        Assert.Empty(RunQuery.Read($"?{name}={new string('x', 1_000)}").Problems);
        var reading = RunQuery.Read($"?{name}={new string('x', 1_001)}&{name}=y");
        Assert.Contains("more than 1000 characters", Assert.Single(reading.Problems).Notice.Text, StringComparison.Ordinal);
    }

    private static string Entry(string name, int i) => name == "column" ? $"top_k%3D{i + 1}" : $"{i}";
}
