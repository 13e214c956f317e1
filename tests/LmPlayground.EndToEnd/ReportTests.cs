using System.Net;
using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using LmPlayground.Web.Viewing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A visitor reports a demo, by a form of plain HTML.</summary>
public sealed class ReportTests(DemoServer server, Browser browser) : IClassFixture<DemoServer>, IClassFixture<Browser>, IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = new Uri(server.Address) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_visitor_reports_a_demo_with_and_without_script(bool script)
    {
        var words = Guid.NewGuid().ToString();
        var page = await browser.OpenAsync("about:blank", width: 390, open: false, script: script);
        await page.GotoAsync(server.Address + "/d/ngram");
        await page.Part("report-link").ClickAsync();
        await page.GetByLabel("private").CheckAsync();
        await page.GetByLabel("What should the operator know").FillAsync(words);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the report" }).ClickAsync();
        await Expect(page.Part("report-thanks")).ToContainTextAsync("kept for the operator");
        Assert.Contains(("ngram", "personal: " + words), server.Demos.Reports);
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(320, ColorScheme.Light)]
    public async Task The_form_fits_every_screen_and_everybody(int width, ColorScheme scheme)
    {
        var page = await browser.OpenAsync("about:blank", width, scheme: scheme, open: false);
        await page.GotoAsync(server.Address + "/d/ngram/report");
        if (Environment.GetEnvironmentVariable("LMPLAYGROUND_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"report-{width}-{scheme}.png"), FullPage = true });
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task A_frame_sends_to_a_page_of_its_own_and_a_file_says_nothing_of_reports()
    {
        Assert.Contains("/d/ngram/report\" rel=\"nofollow noopener\" target=\"_blank\"", await _client.GetStringAsync(new Uri("/d/ngram/embed", UriKind.Relative), Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("report-link", await _client.GetStringAsync(new Uri("/d/ngram.html", UriKind.Relative), Stop), StringComparison.Ordinal);
        using var form = await _client.GetAsync(new Uri("/d/ngram/report", UriKind.Relative), Stop);
        Assert.Equal(("DENY", "noindex"), (form.Headers.GetValues("X-Frame-Options").Single(), form.Headers.GetValues("X-Robots-Tag").Single()));
    }

    [Theory]
    [InlineData(DemoPresence.Unknown, HttpStatusCode.NotFound, "There is no demo at this address.")]
    [InlineData(DemoPresence.Expired, HttpStatusCode.Gone, "that time is over")]
    [InlineData(DemoPresence.Revoked, HttpStatusCode.Gone, "has taken it back")]
    [InlineData(DemoPresence.Killed, HttpStatusCode.Gone, "The operator of this server has ended this demo.")]
    public async Task What_cannot_be_opened_cannot_be_reported_and_says_the_same(DemoPresence presence, HttpStatusCode status, string words)
    {
        server.Demos.Set("over", new DemoFinding(presence));
        var count = server.Demos.Reports.Count;
        using var opened = await _client.GetAsync(new Uri("/d/over", UriKind.Relative), Stop);
        using var asked = await _client.GetAsync(new Uri("/d/over/report", UriKind.Relative), Stop);
        using var sent = await SendAsync("/d/over/report", "other", "words");
        foreach (var answer in new[] { opened, asked, sent })
        {
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains(words, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop)), StringComparison.Ordinal);
        }

        Assert.Equal(count, server.Demos.Reports.Count);
    }

    [Fact]
    public async Task One_that_ends_while_its_form_is_open_says_so()
    {
        server.Demos.Put("ending", await File.ReadAllBytesAsync(Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1", "ngram.json"), Stop));
        (await _client.GetAsync(new Uri("/d/ending/report", UriKind.Relative), Stop)).Dispose();
        server.Demos.Set("ending", new DemoFinding(DemoPresence.Revoked));
        using var sent = await SendAsync("/d/ending/report", "other", "words");
        Assert.Equal(HttpStatusCode.Gone, sent.StatusCode);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("other'; --", "words that stay")]
    public async Task Without_a_reason_the_form_comes_again_with_what_was_written(string reason, string text)
    {
        var count = server.Demos.Reports.Count;
        using var sent = await SendAsync("/d/ngram/report", reason, text);
        var html = await sent.Content.ReadAsStringAsync(Stop);
        Assert.Equal(HttpStatusCode.BadRequest, sent.StatusCode);
        Assert.Contains("Choose a reason", html, StringComparison.Ordinal);
        Assert.Contains(">" + text + "</textarea>", html, StringComparison.Ordinal);
        Assert.Equal(count, server.Demos.Reports.Count);
    }

    [Fact]
    public async Task A_report_is_cut_where_the_form_ends_and_a_flood_is_none()
    {
        using (var sent = await SendAsync("/d/ngram/report", "hateful", new string('w', 5_000)))
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Equal("hateful: " + new string('w', 500), server.Demos.Reports.Last().Text);
        var count = server.Demos.Reports.Count;
        using var flood = await SendAsync("/d/ngram/report", "hateful", new string('w', 100_000));
        Assert.Contains(flood.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge });
        using var json = await _client.PostAsync(new Uri("/d/ngram/report", UriKind.Relative), new StringContent("{}", null, "application/json"), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        Assert.Equal(count, server.Demos.Reports.Count);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("https://evil.example")]
    public async Task A_page_of_another_origin_cannot_report(string origin)
    {
        var count = server.Demos.Reports.Count;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/d/ngram/report") { Content = Form("other", "words") };
        request.Headers.Add("Origin", origin);
        using var answer = await _client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(count, server.Demos.Reports.Count);
    }

    [Fact]
    public async Task Reports_are_kept_and_read_by_the_operator_and_the_log_has_one_line_without_a_word_of_them()
    {
        using var data = new TemporaryFolder();
        var id = await DemoCommands.ShareAsync(data.Path, "ngram", title: "Geheimnis im Titel");
        await using var real = new PlaygroundServer
        {
            Options = new Dictionary<string, string> { ["Data__Directory"] = data.Path, ["Limits__ReportBurstPerClient"] = "2" },
        };
        await real.InitializeAsync();
        var address = $"{real.Address}/d/{id}/report";
        for (var number = 0; number < 2; number++)
        {
            using var sent = await SendAsync(address, number == 0 ? "illegal" : "other", number == 0 ? "Geheimnis\u001b[31m" : "");
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        }

        var reports = await DemoCommands.RunAsync(data.Path, "reports");
        Assert.Equal((0, ""), (reports.ExitCode, reports.Error));
        Assert.Contains($"{id.Hash}  reported 2 times  Geheimnis im Titel", reports.Output, StringComparison.Ordinal);
        Assert.Contains("illegal: Geheimnis [31m", reports.Output, StringComparison.Ordinal);
        Assert.Contains("\"count\":2", (await DemoCommands.RunAsync(data.Path, "reports", "--json")).Output, StringComparison.Ordinal);

        var lines = real.Log.Split('\n').Where(line => line.Contains("reported", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Contains(id.Hash.ToString(), line, StringComparison.Ordinal));
        Assert.DoesNotContain("Geheimnis", real.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(id.ToString(), real.Log, StringComparison.Ordinal);

        // A machine that is slow gives another turn now and then, and never fifty.
        var flood = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SendAsync(address, "other", "")));
        Assert.Contains(flood, answer => answer is { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter.Delta.TotalSeconds: 1 });
        foreach (var answer in flood)
            answer.Dispose();
        await DemoCommands.RunAsync(data.Path, "kill", id.Hash.ToString());
        Assert.Contains("Nothing that still works", (await DemoCommands.RunAsync(data.Path, "reports")).Output, StringComparison.Ordinal);
    }

    private static FormUrlEncodedContent Form(string reason, string text) => new([new("reason", reason), new("text", text)]);

    private Task<HttpResponseMessage> SendAsync(string address, string reason, string text) =>
        _client.PostAsync(new Uri(address, UriKind.RelativeOrAbsolute), Form(reason, text), Stop);
}
