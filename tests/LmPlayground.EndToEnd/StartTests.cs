using System.Net;
using System.Net.Sockets;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>Every option of the start wrong in turn: exit code 2 and one line that names it.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("garbage", "--urls")]
    [InlineData("http://127.0.0.1:99999", "65535")]
    [InlineData("http://127.0.0.1:-1", "--urls")]
    [InlineData("http://127.0.0.1:0;junk", "junk")]
    [InlineData("http://127.0.0.1:abc", "whose port")]
    [InlineData("http://[::1]:abc", "whose port")]
    [InlineData("http://127.0.0.1:0;http://localhost:5x", "localhost:5x")]
    [InlineData("127.0.0.1:5000", "--urls")]
    [InlineData("ftp://127.0.0.1:0", "neither http nor https")]
    [InlineData("http://127.0.0.1:0/base", "path")]
    [InlineData("https://127.0.0.1:0", "certificate")]
    [InlineData("http://192.0.2.1:5999", "--urls")]
    [InlineData("http://unix:/not/there/x.sock", "--urls")]
    public async Task An_address_that_cannot_be_listened_on_ends_with_one_line(string urls, string words) => await RefusedAsync(words, [], "--urls", urls);

    [Theory]
    [InlineData("Runs__MaxConcurrent", "abc", "Runs:MaxConcurrent")]
    [InlineData("Runs__MaxConcurrent", "0", "Runs:MaxConcurrent")]
    [InlineData("Runs__RetainFor", "xyz", "Runs:RetainFor")]
    [InlineData("Runs__MemoryLimit", "1", "Runs:MemoryLimit")]
    [InlineData("Runs__TopCandidates", "0", "Runs:TopCandidates")]
    [InlineData("Runs__MaxNewTokens", "100001", "Runs:MaxNewTokens")]
    [InlineData("Runs__PageMemoryLimit", "1", "Runs:PageMemoryLimit")]
    [InlineData("Limits__OpenPages", "0", "Limits:OpenPages")]
    [InlineData("Limits__OpenPagesPerClient", "many", "Limits:OpenPagesPerClient")]
    [InlineData("Generation__PromptChunk", "x", "Generation:PromptChunk")]
    [InlineData("Models__Threads", "-1", "Models:Threads")]
    [InlineData("Models__AllowUnload", "maybe", "Models:AllowUnload")]
    [InlineData("Hub__AllowDownloads", "maybe", "Hub:AllowDownloads")]
    [InlineData("Hub__MaxConcurrent", "99", "Hub:MaxConcurrent")]
    [InlineData("Hub__Tries", "0", "Hub:Tries")]
    [InlineData("Hub__Silence", "00:00:00", "Hub:Silence")]
    [InlineData("Proxy__KnownProxies__0", "zzz", "Proxy:KnownProxies")]
    [InlineData("Proxy__KnownNetworks__0", "10.0.0.0/99", "Proxy:KnownNetworks")]
    [InlineData("Proxy__ForwardLimit", "0", "Proxy:ForwardLimit")]
    [InlineData("Data__Directory", "/proc/not/there", "Data:Directory")]
    [InlineData("Logging__LogLevel__Default", "Loud", "Loud")]
    [InlineData("HF_TOKEN", "hf_a\nb", "HF_TOKEN")]
    [InlineData("HF_TOKEN", "hf_日", "HF_TOKEN")]
    [InlineData("HF_ENDPOINT", "nonsense", "HF_ENDPOINT")]
    [InlineData("ASPNETCORE_URLS", "junk", "ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "abc", "ASPNETCORE_HTTP_PORTS")]
    [InlineData("Models__Directories", "/not/there", "Models:Directories is a list")]
    [InlineData("Data__Directory__0", "x", "Data:Directory is one value")]
    [InlineData("Runs__MaxConcurrent", "99999999999", "up to 2147483647")]
    [InlineData("HF_TOKEN_PATH", "/etc/passwd", "HF_TOKEN_PATH")]
    [InlineData("Kestrel__Endpoints__X__Url", "junk", "junk")]
    public async Task A_wrong_option_ends_with_one_line(string variable, string value, string words) => await RefusedAsync(
        words, new() { [variable] = value }, variable.Contains("URL", StringComparison.OrdinalIgnoreCase) || variable.EndsWith("_PORTS", StringComparison.Ordinal) ? [] : ["--urls", "http://127.0.0.1:0"]);

    [Fact]
    public async Task A_certificate_that_is_not_there_ends_with_one_line() =>
        await RefusedAsync("/not/there.pfx", new() { ["Kestrel__Certificates__Default__Path"] = "/not/there.pfx" }, "--urls", "https://127.0.0.1:0");

    [Fact]
    public async Task A_port_in_use_ends_with_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await RefusedAsync("Another program uses the port", [], "--urls", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}");
    }

    [Fact]
    public async Task A_hostile_value_is_quoted_at_most_200_characters_long()
    {
        var error = await RefusedAsync("Proxy:KnownProxies", new() { ["Proxy__KnownProxies__0"] = new string('x', 9_000) }, "--urls", "http://127.0.0.1:0");
        Assert.InRange(error.Length, 1, 600);
    }

    [Fact]
    public async Task A_value_of_a_wrong_kind_hides_no_other_fault()
    {
        var error = await RefusedAsync(
            "Runs:MaxConcurrent is 'abc'", new() { ["Runs__MaxConcurrent"] = "abc", ["Hub__MaxConcurrent"] = "99", ["Generation__PromptChunk"] = "zz" }, "--urls", "http://127.0.0.1:0");
        Assert.Contains("Hub:MaxConcurrent is 99", error, StringComparison.Ordinal);
        Assert.Contains("Generation:PromptChunk is 'zz'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_value_of_a_wrong_kind_leaves_its_options_name_and_what_it_must_be()
    {
        var error = await RefusedAsync("Runs:MaxConcurrent", new() { ["Runs__MaxConcurrent"] = new string('x', 9_000) }, "--urls", "http://127.0.0.1:0");
        Assert.Contains("a whole number", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 1, 400);
    }

    [Theory]
    [InlineData("LONG")]
    [InlineData("generate", "--model", "LONG", "--prompt", "a")]
    [InlineData("generate", "--model=LONG", "--prompt", "a")]
    [InlineData("--urls", "http://127.0.0.1:LONG")]
    public async Task A_hostile_argument_is_quoted_at_most_200_characters_long(params string[] arguments)
    {
        var error = await RefusedAsync("xxx", [], [.. arguments.Select(argument => argument.Replace("LONG", new string('x', 9_000), StringComparison.Ordinal))]);
        Assert.InRange(error.Length, 1, 600);
    }

    [Fact]
    public async Task A_hostile_address_of_a_hub_is_quoted_at_most_200_characters_long() =>
        Assert.InRange((await RefusedAsync("HF_ENDPOINT", new() { ["HF_ENDPOINT"] = new string('x', 9_000) }, "search", "x")).Length, 1, 400);

    [Theory]
    [InlineData("search", "x")]
    [InlineData("pull", "org/name")]
    public async Task A_token_that_is_none_is_refused_by_the_commands_too(params string[] arguments) => await RefusedAsync("HF_TOKEN", new() { ["HF_TOKEN"] = "a\nb" }, arguments);

    [Fact]
    public async Task A_store_of_demos_that_cannot_be_opened_at_the_start_is_a_line_and_no_stack()
    {
        var data = Directory.CreateTempSubdirectory("lm-start");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(data.CreateSubdirectory("demos").FullName, "demos.db"), new string('x', 5_000), TestContext.Current.CancellationToken);
            await RefusedAsync("--urls", new() { ["Data__Directory"] = data.FullName }, "--urls", "http://192.0.2.1:5999");
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<string> RefusedAsync(string words, Dictionary<string, string> environment, params string[] arguments)
    {
        var info = CommandLine.StartInfo(arguments);
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        var result = await CommandLine.RunAsync(info);
        Assert.Equal(2, result.ExitCode);
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output, StringComparison.Ordinal);
        return line;
    }
}
