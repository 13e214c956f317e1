using System.Diagnostics;
using System.Net;
using System.Text.Json;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>What an operator does with shared demos from a second process, beside a server that runs and without one.</summary>
public sealed class OperatorTests : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly HttpClient _client = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _data.Dispose();
    }

    [Theory]
    [InlineData("link")]
    [InlineData("id")]
    [InlineData("hash")]
    public async Task A_demo_that_is_killed_while_a_server_shows_it_is_gone_the_next_moment(string by)
    {
        var mine = await DemoCommands.ShareAsync(_data.Path, "ngram");
        var theirs = await DemoCommands.ShareAsync(_data.Path, "ngram");
        var other = await DemoCommands.ShareAsync(_data.Path, "chat");
        await using var server = await StartAsync();
        foreach (var id in new[] { mine, theirs, other, mine, theirs })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{server.Address}/d/{id}"));

        var killed = await DoneAsync("kill", by switch { "link" => $"{server.Address}/d/{mine}?t=3", "id" => mine.ToString(), _ => mine.Hash.ToString() });
        Assert.Contains("links ended: 2", killed, StringComparison.Ordinal);
        foreach (var id in new[] { mine, theirs })
        {
            using var gone = await _client.GetAsync(new Uri($"{server.Address}/d/{id}"), Stop);
            Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
            Assert.Contains("The operator of this server has ended this demo.", await gone.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Gone, await StatusAsync($"{server.Address}/d/{id}.json"));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{server.Address}/d/{other}"));
        Assert.Contains("The operator ended 2 links", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_demo_that_is_killed_without_a_server_is_gone_when_one_starts()
    {
        var id = await DemoCommands.ShareAsync(_data.Path, "ngram");
        Assert.Contains("links ended: 1", await DoneAsync("kill", id.ToString()), StringComparison.Ordinal);
        Assert.Contains("can be shared again", await DoneAsync("kill", id.ToString(), "--undo"), StringComparison.Ordinal);
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync($"{server.Address}/d/{id}"));
    }

    [Fact]
    public async Task A_server_that_was_killed_leaves_a_door_that_stops_nobody()
    {
        var id = await DemoCommands.ShareAsync(_data.Path, "ngram");
        await using (var server = await StartAsync())
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{server.Address}/d/{id}"));
            await DoneAsync("sweep");
        }

        Assert.True(OperatingSystem.IsWindows() || File.Exists(_data.Combine("demos", "demos.door")));
        await DoneAsync("sweep");
        await using var second = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{second.Address}/d/{id}"));
        Assert.Contains("links ended: 1", await DoneAsync("kill", id.ToString()), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync($"{second.Address}/d/{id}"));
    }

    [Fact]
    public async Task An_export_beside_a_server_equals_one_after_it_and_comes_in_elsewhere_byte_for_byte()
    {
        var id = await DemoCommands.ShareAsync(_data.Path, "ngram");
        await DemoCommands.ShareAsync(_data.Path, "chat");
        using var elsewhere = new TemporaryFolder();
        await using (var server = await StartAsync())
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{server.Address}/d/{id}"));
            Assert.Contains("views written down: 1", await DoneAsync("sweep"), StringComparison.Ordinal);
            await DoneAsync("export", "beside.jsonl");
            await DoneAsync("backup", elsewhere.Combine("demos.db"));
        }

        Assert.Equal(await File.ReadAllTextAsync(_data["beside.jsonl"], Stop), await DoneAsync("export", "-"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(_data["beside.jsonl"]));

        // Into a server that runs, by a stream; and the backup is a store of its own.
        await using var other = new PlaygroundServer { Options = new Dictionary<string, string> { ["Data__Directory"] = elsewhere.Path } };
        await other.InitializeAsync();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{other.Address}/d/{id}"));
        var import = await CommandLine.RunAsync(DemoCommands.StartInfo(elsewhere.Path, "import", "-"), await File.ReadAllTextAsync(_data["beside.jsonl"], Stop));
        Assert.Equal((0, "demos added: 2\nhere already, or blocked: 0\n"), (import.ExitCode, import.Output));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{other.Address}/d/{id}"));
        using var restored = new TemporaryFolder();
        Directory.CreateDirectory(restored["demos"]);
        File.Copy(elsewhere["demos.db"], restored.Combine("demos", "demos.db"));
        Assert.Equal(await File.ReadAllTextAsync(_data["beside.jsonl"], Stop), (await DemoCommands.RunAsync(restored.Path, "export", "-")).Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_of_a_damaged_file_names_the_line_and_changes_nothing(bool beside)
    {
        var id = await DemoCommands.ShareAsync(_data.Path, "ngram");
        var before = await DoneAsync("export", "-");
        await using var server = beside ? await StartAsync() : null;
        if (server is not null)
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{server.Address}/d/{new string('2', 26)}"));
        var lines = before.Split('\n');
        lines[1] = lines[1].Replace(id.Hash.ToString(), new string('0', 64), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_data["damaged.jsonl"], string.Join('\n', [lines[0], lines[1], "{\"demo\":{}}", "{\"end\":{\"lines\":2}}"]), Stop);
        var import = await DemoCommands.RunAsync(_data.Path, "import", "damaged.jsonl");
        Assert.Equal((2, "", "error: Line 3 of the file is damaged. Nothing was imported.\n"), (import.ExitCode, import.Output, import.Error));
        Assert.Equal(before, await DoneAsync("export", "-"));
    }

    [Fact]
    public async Task An_import_that_is_interrupted_changes_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGINT to send.");
        await DemoCommands.ShareAsync(_data.Path, "ngram");
        var before = await DoneAsync("export", "-");
        using var import = Process.Start(DemoCommands.StartInfo(_data.Path, "import", "-"))!;
        await import.StandardInput.WriteAsync(before.AsMemory(0, before.Length / 2), Stop);
        await import.StandardInput.FlushAsync(Stop);
        using (var interrupt = Process.Start("kill", ["-INT", import.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await interrupt.WaitForExitAsync(Stop);
        await import.WaitForExitAsync(Stop);
        Assert.Equal(130, import.ExitCode);
        Assert.Equal(before, await DoneAsync("export", "-"));
    }

    [Fact]
    public async Task The_list_has_no_word_of_a_prompt_and_every_state()
    {
        var works = await DemoCommands.ShareAsync(_data.Path, "ngram", title: "A \u202Etitle\nof two lines");
        var killed = await DemoCommands.ShareAsync(_data.Path, "chat");
        await DoneAsync("kill", killed.ToString());
        var text = await DoneAsync("list");
        Assert.Contains(works.Hash.ToString(), text, StringComparison.Ordinal);
        Assert.Contains("A \\u202etitle of two lines", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var lines = (await DoneAsync("list", "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["idHash", "documentHash", "title", "kind", "isEncrypted", "state", "isInGallery", "created", "ends", "revoked", "views", "reports", "bytes"],
            lines[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            [(killed.Hash.ToString(), "killed"), (works.Hash.ToString(), "works")],
            lines.Select(line => (line.GetProperty("idHash").GetString(), line.GetProperty("state").GetString())).OrderBy(line => line.Item2));
    }

    [Theory]
    [InlineData("kill nothing", 2, "no link to a demo")]
    [InlineData("kill http://localhost/?model=ngram#d1.br.AAAA", 2, "the server has never seen it")]
    [InlineData("kill 22222222222222222222222222", 2, "no demo behind this link")]
    [InlineData("purge", 2, "--ended-before")]
    [InlineData("purge --ended-before yesterday", 2, "'yesterday'")]
    [InlineData("import missing.jsonl", 2, "missing.jsonl")]
    [InlineData("export demos", 2, "writes over nothing")]
    [InlineData("export missing/file", 2, "cannot be written")]
    [InlineData("backup demos", 2, "writes over nothing")]
    [InlineData("backup missing/file", 2, "cannot be written")]
    [InlineData("", 2, "command")]
    public async Task Wrong_input_gives_one_clear_line(string arguments, int exitCode, string words)
    {
        await DemoCommands.ShareAsync(_data.Path, "ngram");
        var result = await DemoCommands.RunAsync(_data.Path, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output.StartsWith("Description", StringComparison.Ordinal) ? "" : result.Output));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(letter => letter == '\n'));
    }

    [Fact]
    public async Task Where_nobody_has_shared_anything_lists_are_empty_and_an_export_is_refused()
    {
        Assert.StartsWith("There are no shared demos", await DoneAsync("list"), StringComparison.Ordinal);
        Assert.Equal("", await DoneAsync("list", "--json"));
        Assert.StartsWith("There are no shared demos", await DoneAsync("reports"), StringComparison.Ordinal);
        Assert.Equal(2, (await DemoCommands.RunAsync(_data.Path, "export", "-")).ExitCode);
    }

    [Fact]
    public async Task A_wrong_option_is_told_as_the_server_tells_it()
    {
        var info = DemoCommands.StartInfo(_data.Path, "list");
        info.Environment["Demos__MaxPerOwner"] = "0";
        var result = await CommandLine.RunAsync(info);
        Assert.Equal((2, "error: The configuration is wrong: Demos:MaxPerOwner is 0; it must be from 1 to 1000000.\n"), (result.ExitCode, result.Error));
    }

    private async Task<PlaygroundServer> StartAsync()
    {
        var server = new PlaygroundServer { Options = new Dictionary<string, string> { ["Data__Directory"] = _data.Path } };
        await server.InitializeAsync();
        return server;
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var result = await DemoCommands.RunAsync(_data.Path, arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output;
    }

    private async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var answer = await _client.GetAsync(new Uri(address), Stop);
        return answer.StatusCode;
    }
}
