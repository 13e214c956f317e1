using System.Text.RegularExpressions;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>What the README tells a newcomer to type works.</summary>
public partial class ReadmeTests
{
    private const string Run = "dotnet run -c Release --project src/LmPlayground.Web";

    private const string Demos = "demos ";

    private static readonly string Readme = File.ReadAllText(Path.Combine(TestFiles.Root, "README.md"));

    /// <summary>The commands in the README that run a part of the program, as they stand there.</summary>
    public static TheoryData<string> Commands { get; } =
        [.. Lines().Where(line => line.StartsWith(Run + " -- ", StringComparison.Ordinal) && !line.Contains("--models ~", StringComparison.Ordinal))
            .Select(line => line[(Run.Length + 4)..]).Where(arguments => !arguments.StartsWith(Demos, StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_of_the_readme_succeeds(string arguments)
    {
        var result = await CommandLine.RunAsync(Argument().Matches(arguments).Select(match => match.Value.Trim('"')));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.NotEmpty(result.Output);
    }

    [Fact]
    public async Task The_commands_about_shared_demos_succeed_in_their_order_where_there_is_one()
    {
        using var data = new TemporaryFolder();
        var id = await DemoCommands.ShareAsync(data.Path, "ngram");
        var commands = Lines().Where(line => line.StartsWith($"{Run} -- {Demos}", StringComparison.Ordinal)).Select(line => line[(Run.Length + 4 + Demos.Length)..]).ToList();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var arguments = command.Split(' ').Select(argument => argument == "LINK" ? $"https://example.org/d/{id}" : argument);
            var result = await DemoCommands.RunAsync(data.Path, arguments);
            Assert.Equal((command, 0, ""), (command, result.ExitCode, result.Error));
            Assert.NotEmpty(result.Output);
        }
    }

    [Fact]
    public void Every_other_command_of_the_readme_is_one_that_ci_runs()
    {
        var ci = File.ReadAllText(Path.Combine(TestFiles.Root, ".ci", "run"));
        var others = Lines().Where(line => !line.StartsWith(Run, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(others);
        Assert.All(others, line => Assert.Contains(line, ci, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_and_folder_that_the_readme_names_is_there() =>
        Assert.All(
            Link().Matches(Readme).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal)),
            link => Assert.True(Path.Exists(Path.Combine(TestFiles.Root, link)), link));

    private static IEnumerable<string> Lines() =>
        Block().Matches(Readme).SelectMany(match => match.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Argument();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
