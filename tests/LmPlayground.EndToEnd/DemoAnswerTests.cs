using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LmPlayground.EndToEnd.Support;
using LmPlayground.Web.Viewing;

namespace LmPlayground.EndToEnd;

/// <summary>What the addresses of a demo answer, without a browser.</summary>
public sealed class DemoAnswerTests(DemoServer server) : IClassFixture<DemoServer>, IDisposable
{
    internal static readonly string[] All = ["ngram", "chat", "comparison", "masked-fill", "beams", "source"];

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = new Uri(server.Address) };

    public static TheoryData<string> Goldens => [.. All];

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task A_demo_of_every_kind_stands_whole_in_its_first_answer(string id)
    {
        using var answer = await GetAsync($"/d/{id}");
        var html = await TextAsync(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("data-token=\"0\"", html, StringComparison.Ordinal);
        Assert.Contains("class=\"candidates\"", html, StringComparison.Ordinal);
        Assert.Contains("id=\"demo-data\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("blazor.web.js", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<!--Blazor", html, StringComparison.Ordinal);
        Assert.DoesNotContain("mud-popover", html, StringComparison.Ordinal);
        Assert.Contains("<meta name=\"robots\" content=\"noindex\"", html, StringComparison.Ordinal);
        Assert.Equal("noindex", answer.Headers.GetValues("X-Robots-Tag").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
    }

    [Theory]
    [InlineData("ngram", "data-testid=\"chain\"")]
    [InlineData("chat", "data-testid=\"prompt\"")]
    [InlineData("comparison", "data-testid=\"metrics\"")]
    [InlineData("comparison", "data-testid=\"column-2\"")]
    [InlineData("masked-fill", "class=\"given\"")]
    [InlineData("beams", "data-testid=\"beam\"")]
    [InlineData("source", "data-testid=\"source\"")]
    public async Task A_kind_has_its_own_parts(string id, string part)
    {
        using var answer = await GetAsync($"/d/{id}");
        Assert.Contains(part, await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_names_a_token()
    {
        using var answer = await GetAsync("/d/ngram?t=4");
        var html = await TextAsync(answer);
        Assert.Contains(">Token 4 of 12<", html, StringComparison.Ordinal);
        Assert.Contains("href=\"?t=3\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"?t=5\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?t=0")]
    [InlineData("?t=99999999999")]
    [InlineData("?t=-3")]
    [InlineData("?t=%3Cscript%3E")]
    public async Task A_token_that_is_none_is_the_first(string query)
    {
        using var answer = await GetAsync("/d/ngram" + query);
        Assert.Contains(">Token 1 of 12<", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DemoPresence.Unknown, HttpStatusCode.NotFound, "no demo at this address")]
    [InlineData(DemoPresence.Expired, HttpStatusCode.Gone, "that time is over")]
    [InlineData(DemoPresence.Revoked, HttpStatusCode.Gone, "taken it back")]
    public async Task What_is_not_there_says_why_and_keeps_its_title(DemoPresence presence, HttpStatusCode status, string words)
    {
        var id = $"gone{presence}";
        server.Demos.Set(id, new DemoFinding(presence) { Title = presence == DemoPresence.Unknown ? "" : "The lost story" });
        foreach (var form in new[] { "", "/embed", ".json", ".csv", ".html", ".png" })
        {
            using var answer = await GetAsync($"/d/{id}{form}");
            var html = await TextAsync(answer);
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains(words, html, StringComparison.Ordinal);
            Assert.Equal(presence != DemoPresence.Unknown, html.Contains("The lost story", StringComparison.Ordinal));
            Assert.Null(answer.Content.Headers.ContentDisposition);
            Assert.DoesNotContain("og:image", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"version\":99}")]
    [InlineData("not json")]
    [InlineData("{\"version\":1,\"kind\":\"run\",\"title\":\"half shown\"}")]
    public async Task A_broken_document_is_one_sentence_and_nothing_of_it(string document)
    {
        server.Demos.Put("broken", Encoding.UTF8.GetBytes(document));
        using var answer = await GetAsync("/d/broken");
        var html = await TextAsync(answer);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("This demo cannot be opened.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("demo-data", html, StringComparison.Ordinal);
        Assert.DoesNotContain("half shown", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("zip")]
    public async Task What_cannot_be_unpacked_is_one_sentence(string codec)
    {
        server.Demos.Set("damaged", new DemoFinding(DemoPresence.Found) { Title = "Damaged", Document = new byte[] { 1, 2, 3, 4 }, Codec = codec });
        using var answer = await GetAsync("/d/damaged");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("This demo cannot be opened.", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_unpacks_to_more_than_one_may_have_is_refused()
    {
        server.Demos.Put("bomb", new byte[64 << 20]);
        using var answer = await GetAsync("/d/bomb");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script>alert")]
    [InlineData("<!--<script>", "<!--")]
    [InlineData("</script><img src=x onerror=alert(1)>", "<img")]
    [InlineData("\u202Egnp.exe", "\u202E")]
    [InlineData("\u2066\u2069\u200F", "\u2066")]
    [InlineData("\u001B[31mred", "\u001B")]
    [InlineData("\" onmouseover=\"alert(1)", "\" onmouseover=\"")]
    public async Task A_text_is_only_ever_text(string hostile, string trace)
    {
        server.Demos.Put("hostile", Hostile(hostile));
        foreach (var form in new[] { "/d/hostile", "/d/hostile/embed", "/d/hostile.html" })
        {
            server.Renderings.Drop("hostile");
            using var answer = await GetAsync(form);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotContain(trace, await TextAsync(answer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_address_in_a_demo_is_a_link()
    {
        server.Demos.Put("linked", Hostile("https://evil.example/"));
        server.Renderings.Drop("linked");
        using var answer = await GetAsync("/d/linked");
        var html = await TextAsync(answer);
        Assert.Contains("https://evil.example/", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_chat_programs_show_is_short_and_plain()
    {
        var golden = Golden();
        golden["title"] = "A \u202Etitle\u0007";
        golden["description"] = new string('d', 900);
        server.Demos.Put("og", Encoding.UTF8.GetBytes(golden.ToJsonString()));
        using var answer = await GetAsync("/d/og");
        var html = await TextAsync(answer);
        Assert.Contains($"<meta property=\"og:description\" content=\"{new string('d', 199)}…\"", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("<meta property=\"og:title\" content=\"A ⟨U+202E⟩title␇\"", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task A_demo_of_every_kind_has_a_picture_which_search_engines_do_not_keep(string id)
    {
        using var answer = await GetAsync($"/d/{id}.png");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("noindex", answer.Headers.GetValues("X-Robots-Tag").Single());
        Assert.Null(answer.Content.Headers.ContentDisposition);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        var picture = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal("PNG", Encoding.ASCII.GetString(picture, 1, 3));
        using var again = await GetAsync($"/d/{id}.png");
        Assert.Equal(picture, await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_page_names_its_picture_under_the_name_that_it_was_asked_for_by()
    {
        foreach (var name in new[] { "127.0.0.1", "localhost", "127.0.0.1" })
        {
            var origin = $"http://{name}:{new Uri(server.Address).Port}";
            using var request = new HttpRequestMessage(HttpMethod.Get, "/d/ngram");
            request.Headers.Host = origin["http://".Length..];
            using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            var html = await TextAsync(answer);
            Assert.Contains($"<meta property=\"og:image\" content=\"{origin}/d/ngram.png\"", html, StringComparison.Ordinal);
            Assert.Contains("<meta property=\"og:image:width\" content=\"1200\"", html, StringComparison.Ordinal);
            Assert.Contains("<meta property=\"og:image:height\" content=\"630\"", html, StringComparison.Ordinal);
            Assert.Contains("<meta property=\"og:image:alt\" content=\"The text of this demo", html, StringComparison.Ordinal);
            Assert.Contains("<meta name=\"twitter:card\" content=\"summary_large_image\"", html, StringComparison.Ordinal);
        }

        foreach (var form in new[] { "/d/ngram/embed", "/d/ngram.html" })
        {
            using var answer = await GetAsync(form);
            Assert.DoesNotContain("og:image", await TextAsync(answer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_picture_is_gone_with_its_demo()
    {
        server.Demos.Put("pictured", await File.ReadAllBytesAsync(GoldenPath("ngram"), TestContext.Current.CancellationToken));
        using var there = await GetAsync("/d/pictured.png");
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        server.Demos.Set("pictured", new DemoFinding(DemoPresence.Revoked) { Title = "Pictured" });
        using var gone = await GetAsync("/d/pictured.png");
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Equal("text/html", gone.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_document_comes_back_byte_for_byte()
    {
        var bytes = await File.ReadAllBytesAsync(GoldenPath("ngram"), TestContext.Current.CancellationToken);
        using var inline = await GetAsync("/d/ngram.json");
        Assert.Equal(bytes, await inline.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("application/json", inline.Content.Headers.ContentType!.MediaType);
        Assert.Null(inline.Content.Headers.ContentDisposition);
        using var download = await GetAsync("/d/ngram.json?download");
        Assert.Equal("attachment", download.Content.Headers.ContentDisposition!.DispositionType);
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("a,\"b\"\nc", "\"a,\"\"b\"\"\nc\"")]
    public async Task The_table_has_a_row_a_token_and_no_formula(string token, string cell)
    {
        var golden = Golden();
        golden["runs"]![0]!["steps"]!["texts"]![2] = token;
        server.Demos.Put("table", Encoding.UTF8.GetBytes(golden.ToJsonString()));
        server.Renderings.Drop("table");
        using var answer = await GetAsync("/d/table.csv");
        var csv = await TextAsync(answer);
        Assert.Equal(13, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($",{cell},", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_asks_nobody_for_anything()
    {
        using var answer = await GetAsync("/d/ngram.html");
        var html = await TextAsync(answer);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains("Content-Security-Policy", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@font-face", html, StringComparison.Ordinal);
        Assert.DoesNotContain("import ", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_may_stand_where_the_operator_allows_it()
    {
        using var answer = await GetAsync("/d/ngram/embed");
        Assert.EndsWith($"frame-ancestors 'self' https://school.example {server.Allowed}", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("X-Frame-Options"));
        Assert.DoesNotContain("<header class=\"shell\"", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_is_made_once_until_it_is_dropped_or_expires()
    {
        server.Demos.Put("cached", await File.ReadAllBytesAsync(GoldenPath("ngram"), TestContext.Current.CancellationToken));
        var before = server.Demos.Asked;
        for (var i = 0; i < 3; i++)
            (await GetAsync("/d/cached")).Dispose();
        Assert.Equal(before + 1, server.Demos.Asked);
        server.Demos.Set("cached", new DemoFinding(DemoPresence.Revoked) { Title = "Cached" });
        using var answer = await GetAsync("/d/cached");
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
    }

    [Fact]
    public async Task Search_engines_are_told_to_stay_away()
    {
        using var answer = await GetAsync("/robots.txt");
        Assert.Equal("User-agent: *\nDisallow: /d/\nDisallow: /gallery\n", await TextAsync(answer));
    }

    [Fact]
    public async Task Who_asks_for_the_head_gets_the_head()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/d/ngram");
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await TextAsync(answer));
    }

    private static string GoldenPath(string id) => Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1", id + ".json");

    private static JsonNode Golden() => JsonNode.Parse(File.ReadAllText(GoldenPath("ngram")))!;

    /// <summary>A demo with the text wherever a stranger can put one.</summary>
    internal static byte[] Hostile(string text)
    {
        var golden = Golden();
        foreach (var name in new[] { "title", "description", "note" })
            golden[name] = text;
        foreach (var name in new[] { "playground", "runtime", "onnx_runtime", "operating_system" })
            golden["environment"]![name] = text;
        var model = golden["models"]![0]!;
        foreach (var name in new[] { "name", "architecture", "weights_file" })
            model[name] = text;
        for (var i = 0; i < 20; i++)
            model["token_texts"]![i] = text;
        var run = golden["runs"]![0]!;
        run["text"] = text;
        run["rendered_prompt"] = text;
        run["steps"]!["texts"]![0] = text;
        return Encoding.UTF8.GetBytes(golden.ToJsonString());
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
