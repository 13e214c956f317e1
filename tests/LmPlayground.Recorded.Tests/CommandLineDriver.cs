using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LmPlayground.Web.Cli;

namespace LmPlayground.Recorded.Tests;

/// <summary>
/// Runs a command line in this process, or as a program of its own where it reads standard input, and reads what it printed. All that the
/// recordings know of the command line is here.
/// </summary>
internal static class CommandLineDriver
{
    private const int WrongInput = 2;

    /// <summary>What differs from run to run.</summary>
    private static readonly string[] Times = ["tokensPerSecond", "timeToFirstTokenMs", "elapsedMs"];

    /// <summary>Runs the case's <c>arguments</c> with its <c>input</c>, in which <c>{models}</c> and <c>{zoo:NAME}</c> stand for folders.</summary>
    internal static async Task<JsonObject> RunAsync(JsonObject given)
    {
        string[] zoo = [.. Texts(given, "zoo").Select(TestFiles.Zoo)];
        string[] arguments = [.. Texts(given, "arguments").Select(Place), .. zoo.SelectMany(folder => new[] { "--models", folder })];
        var (exitCode, output, error) = given.ContainsKey("input")
            ? await RunProgramAsync(arguments, string.Join('\n', given["input"]!.AsArray().Select(line => line!.ToJsonString())))
            : await RunHereAsync(arguments);
        if (exitCode == WrongInput)
            return Refusal(error, output);
        var result = new JsonObject { ["exit_code"] = exitCode };
        if (error.Length > 0)
            result["error"] = error;
        if (Objects(output) is { } objects)
            result["json"] = objects;
        else
            result["text"] = output;
        return result;
    }

    /// <summary>A wrong command line is refused in one line; its words may change.</summary>
    private static JsonObject Refusal(string error, string output)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new JsonObject
        {
            ["exit_code"] = WrongInput,
            ["is_one_error_line"] = lines.Length == 1 && lines[0].StartsWith("error:", StringComparison.Ordinal),
            ["text"] = output,
            ["about_error"] = error.TrimEnd().Replace(TestFiles.Root, "{root}", StringComparison.Ordinal),
        };
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunHereAsync(string[] arguments)
    {
        var (usualOutput, usualError) = (Console.Out, Console.Error);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            var exitCode = await PlaygroundCommand.RunAsync(arguments);
            return (exitCode, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(usualOutput);
            Console.SetError(usualError);
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunProgramAsync(string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(PlaygroundCommand).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }

    /// <summary>The output as JSON objects, or null if it is other text.</summary>
    private static JsonArray? Objects(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines.Any(line => line[0] != '{'))
            return null;
        return new JsonArray([.. lines.Select(line => Short(JsonNode.Parse(line)))]);
    }

    /// <summary>The same without times, and numbers with six digits.</summary>
    private static JsonNode? Short(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Where(member => !Times.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, Short(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Short)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && !value.TryGetValue<long>(out _) => Short(value.GetValue<double>()),
        _ => node?.DeepClone(),
    };

    private static JsonValue Short(double number) => JsonValue.Create(number == 0 ? 0 : Math.Round(number, Math.Clamp(5 - (int)Math.Floor(Math.Log10(Math.Abs(number))), 0, 15)));

    private static IEnumerable<string> Texts(JsonObject given, string name) => (given[name]?.AsArray() ?? []).Select(text => (string)text!);

    private static string Place(string argument)
    {
        var placed = argument.Replace("{models}", TestFiles.EmbeddedModels, StringComparison.Ordinal);
        return placed.StartsWith("{zoo:", StringComparison.Ordinal) ? TestFiles.Zoo(placed[5..^1]) : placed;
    }
}
