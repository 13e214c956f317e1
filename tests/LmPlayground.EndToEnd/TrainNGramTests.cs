using System.Diagnostics;
using System.Text.Json;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>Counting a model of one's own and using it.</summary>
public sealed class TrainNGramTests : IDisposable
{
    private const string Text = "One cat sat on the mat.\n<|endoftext|>\nOne cat ran.\n<|endoftext|>\nTwo cats sat on the mat.\n<|endoftext|>\n";

    private static readonly string Tokenizer = TestFiles.Embedded("transformer");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lmplayground-");

    private string Output => Path.Combine(_folder.FullName, "cats");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_model_counted_from_a_text_continues_it()
    {
        var trained = await CommandLine.RunAsync(Arguments(Write(Text), "--order", "4"));
        Assert.Equal(0, trained.ExitCode);
        Assert.Contains("3 documents", trained.Output, StringComparison.Ordinal);
        Assert.Contains("4-grams", trained.Output, StringComparison.Ordinal);
        Assert.Contains("reading the text", trained.Error, StringComparison.Ordinal);

        var continued = await CommandLine.RunAsync(
            "generate", "--model", Output, "--prompt", "Two cats", "--temperature", "0", "--max-new-tokens", "20", "--json");
        Assert.Equal((0, ""), (continued.ExitCode, continued.Error));
        var run = JsonDocument.Parse(continued.Lines[^1]).RootElement;
        Assert.Equal((" sat on the mat.", "end_of_sequence"), (run.GetProperty("text").GetString(), run.GetProperty("finishReason").GetString()));
        Assert.Contains("cats", (await CommandLine.RunAsync("models", "--models", _folder.FullName)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_can_be_pruned_to_a_size()
    {
        var arguments = Arguments(Write(Text), "--order", "3", "--bits", "4");
        Assert.Equal(0, (await CommandLine.RunAsync(arguments)).ExitCode);
        var whole = new FileInfo(Path.Combine(Output, "model.ngram")).Length;
        var pruned = await CommandLine.RunAsync([.. arguments, "--max-bytes", $"{whole - 8}"]);
        Assert.Equal(0, pruned.ExitCode);
        Assert.True(new FileInfo(Path.Combine(Output, "model.ngram")).Length < whole);

        var impossible = await CommandLine.RunAsync([.. arguments, "--max-bytes", "1000"]);
        Assert.Equal(2, impossible.ExitCode);
        Assert.Contains("cannot be as small as 1,000", impossible.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> WrongInput => new()
    {
        { "--order", "7", "1 to 6" },
        { "--order", "many", "many" },
        { "--bits", "20", "bits" },
        { "--prune", "-1", "threshold" },
        { "--max-bytes", "0", "at least one byte" },
        { "--text", "/no/such/text", "/no/such/text" },
        { "--tokenizer", "/no/such/folder", "/no/such/folder" },
        { "--nonsense", "1", "--nonsense" },
    };

    [Theory]
    [MemberData(nameof(WrongInput))]
    public async Task Wrong_input_gives_one_clear_line_and_exit_code_2(string option, string value, string words)
    {
        var arguments = Arguments(Write(Text)).ToList();
        var place = arguments.IndexOf(option);
        if (place < 0)
            arguments.AddRange([option, value]);
        else
            arguments[place + 1] = value;
        var result = await CommandLine.RunAsync(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task A_text_without_words_is_an_error()
    {
        var result = await CommandLine.RunAsync(Arguments(Write("\n\n")));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no tokens", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_it_and_nothing_is_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Interrupts are sent with kill.");
        // Enough to read for several seconds: the interrupt must find it reading on a busy machine too.
        var text = Write(string.Concat(Enumerable.Repeat("One cat sat on the mat, and another cat ran away from the mat.\n<|endoftext|>\n", 1_500_000)));
        using var process = Process.Start(CommandLine.StartInfo(Arguments(text)))!;
        process.StandardInput.Close();
        Assert.Equal("reading the text ...", await process.StandardError.ReadLineAsync());
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Interrupted", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder.FullName, "text.txt");
        File.WriteAllText(path, text);
        return path;
    }

    private string[] Arguments(string text, params string[] further) =>
        ["train-ngram", "--text", text, "--tokenizer", Tokenizer, "--out", Output, .. further];
}
