using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using LmPlayground.EndToEnd.Support;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Links;
using LmPlayground.Sharing.Reading;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>A demo that stands whole in the address: read in the browser, sent nowhere, and the same as one that the server shows.</summary>
public sealed class OpenedDemoTests(DemoServer server, Browser browser) : IClassFixture<DemoServer>, IClassFixture<Browser>
{
    /// <summary>Every element of the page's main part with its text and what it means to those who hear it.</summary>
    // What needs the server (running it again, its files, reporting it) a demo in an address has not.
    private const string Read = """
        () => {
          const own = element => [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join('').trim();
          const names = ['role', 'id', 'aria-label', 'aria-selected', 'aria-current', 'aria-activedescendant', 'aria-disabled', 'data-token', 'data-first', 'data-bits', 'viewBox', 'd',
            'data-testid', 'data-stage', 'title', 'max', 'scope', 'colspan', 'data-term', 'aria-description'];
          return [...document.querySelectorAll('main, main *')].filter(element => !element.closest('.demo-facts > p, .trace, .demo-actions')).map(element => {
            const said = names.filter(name => element.hasAttribute(name)).map(name => ` ${name}=${element.getAttribute(name)}`);
            return `${element.tagName}.${element.classList}${said.join('')}: ${own(element)}`;
          });
        }
        """;

    public static TheoryData<string> Goldens => [.. DemoAnswerTests.All];

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task A_demo_from_the_address_is_the_one_that_the_server_shows_element_for_element_at_every_token(string name)
    {
        var link = Link(name);
        server.Demos.Put($"{name}-link", DemoJson.Write(DemoLink.Read(link)));
        var asked = server.Demos.Asked;
        var opened = await OpenAsync(link);
        await Expect(opened.GetByTestId("tokens").First).ToBeVisibleAsync();
        Assert.Equal(asked, server.Demos.Asked);
        var stored = await browser.OpenAsync(server.Address, open: false);
        await stored.GotoAsync($"{server.Address}/d/{name}-link");
        Assert.Equal(await stored.TitleAsync(), await opened.TitleAsync());
        Assert.Equal(await stored.GetByTestId("fork").GetAttributeAsync("href"), await opened.GetByTestId("fork").GetAttributeAsync("href"));
        var count = int.Parse((await stored.Locator(".play [type=range]").GetAttributeAsync("max"))!, System.Globalization.CultureInfo.InvariantCulture);
        for (var token = 1; token <= count; token++)
        {
            await opened.Locator(".play [type=range]").FillAsync($"{token}");
            await stored.Locator(".play [type=range]").FillAsync($"{token}");
            Assert.Equal(await stored.EvaluateAsync<string[]>(Read), await opened.EvaluateAsync<string[]>(Read));
            Assert.Equal(await Traces(stored), await Traces(opened));
        }
    }

    [Fact]
    public async Task What_stands_in_the_address_is_sent_nowhere_and_no_socket_opens()
    {
        var page = await browser.OpenAsync(server.Address, open: false);
        var (sent, sockets, faults) = (new List<string>(), 0, new List<string>());
        page.Request += (_, request) => sent.Add($"{request.Url} {request.PostData} {string.Join(' ', request.Headers.Values)}");
        page.WebSocket += (_, _) => sockets++;
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                faults.Add(message.Text);
        };
        var link = Link("ngram");
        await page.GotoAsync($"{server.Address}/d#{link}");
        await page.Locator("[data-token='5']").ClickAsync();
        await page.Keyboard.PressAsync("End");
        await Expect(page.GetByTestId("token-title")).ToHaveTextAsync("Token 12 of 12");
        Assert.EndsWith($"/d?t=12#{link}", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(page.GetByTestId("token-title")).ToHaveTextAsync("Token 12 of 12");
        Assert.NotEmpty(sent);
        Assert.DoesNotContain(sent, request => request.Contains(link[..40], StringComparison.Ordinal) || request.Contains(link[20..60], StringComparison.Ordinal));
        Assert.Equal(0, sockets);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("", "Nothing stands after")]
    [InlineData("main", "There is no demo in it")]
    [InlineData("d1.deflate", "There is no demo in it")]
    [InlineData("d2.deflate.AAAA", "written as “d2”")]
    [InlineData("d1.zstd.AAAA", "packed as “zstd”")]
    [InlineData("d1.e:v;i(l.AAAA", "packed as “e?v?i?l”")]
    [InlineData("d1.deflate.!!!!", "changed")]
    [InlineData("d1.deflate.AAAA", "changed")]
    [InlineData("d1.deflate.AAAAA", "end is missing")]
    public async Task What_is_no_demo_of_this_kind_is_one_sentence(string fragment, string words) => await RefusedAsync(fragment, words);

    [Fact]
    public async Task A_cut_link_a_changed_one_and_one_that_is_too_long_say_so()
    {
        var link = Link("ngram");
        await RefusedAsync(link[..^8], "end is missing");
        await RefusedAsync(link[..^9], "end is missing");
        await RefusedAsync(link[..200] + (link[200] == 'A' ? 'B' : 'A') + link[201..], "changed");
        await RefusedAsync(link + new string('A', 9_000), "8,192 are the most");
    }

    [Fact]
    public async Task A_small_link_that_unpacks_to_much_is_refused_while_it_unpacks() =>
        await RefusedAsync(Packed(new string(' ', 5 << 20)), "unpacks to more than 2,097,152 bytes");

    [Theory]
    [InlineData("{\"version\":2}", "It has version 2, and this page opens up to 1")]
    [InlineData("{\"version\":1,\"kind\":\"run\",\"title\":\"half shown\"}", "Its description is not what a demo has there")]
    [InlineData("{\"version\":1", "end is missing")]
    [InlineData("[]", "There is no demo in it")]
    [InlineData("half shown", "There is no demo in it")]
    [InlineData("[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]", "nested more than 16 deep")]
    public async Task A_document_that_is_none_is_one_sentence(string document, string words) => await RefusedAsync(Packed(document), words);

    [Theory]
    [InlineData("runs.0.steps.ids.0", "999999", "token 999999, which is not in the vocabulary of 4,096 tokens")]
    [InlineData("runs.0.steps.candidates.tokens.0", "-1", "candidates.tokens is not what")]
    [InlineData("runs.0.steps.texts", "[]", "its list texts has 0 entries, not 12")]
    [InlineData("runs.0.model", "7", "a run's model")]
    [InlineData("runs.0.steps.drawn_at.0", "1.5", "drawn_at is not what")]
    [InlineData("runs.0.strategy.temperature", "-3", "temperature is not what")]
    [InlineData("unheard_of", "1", "unheard_of is not what")]
    public async Task A_value_that_does_not_fit_is_named(string path, string value, string words) => await RefusedAsync(Packed(Changed("ngram", path, value)), words);

    /// <summary>Thousands of changed documents: what the server's reader refuses the script refuses, what it takes the script shows.</summary>
    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task The_script_refuses_what_the_server_refuses(string name)
    {
        var random = new Random(14);
        var documents = Enumerable.Range(0, 250).Select(_ => Mutated(name, random)).ToArray();
        var page = await OpenAsync("");
        await Expect(page.GetByTestId("demo-notice")).ToHaveAttributeAsync("data-fault", "Nothing");
        var verdicts = await page.EvaluateAsync<string[]>(
            """
            async documents => {
              const [{ read }, { viewOf }, { dataOf }, { fill }] = await Promise.all(['read', 'view', 'data', 'fill'].map(name => import(`/js/open/${name}.js`)));
              const rules = JSON.parse(document.getElementById('demo-rules').textContent);
              const say = name => rules.words[name];
              return documents.map(document => {
                try {
                  const view = viewOf(read(new TextEncoder().encode(document), rules), rules);
                  dataOf(view, rules, say);
                  fill(view, rules, say);
                  return '';
                } catch (error) {
                  return 'values' in error ? error.message : `broken: ${error.stack}`;
                }
              });
            }
            """,
            documents);
        var refused = 0;
        for (var i = 0; i < documents.Length; i++)
        {
            var error = Record.Exception(() => SharedDemoReader.Read(Encoding.UTF8.GetBytes(documents[i])));
            refused += error is null ? 0 : 1;
            Assert.DoesNotContain("broken", verdicts[i], StringComparison.Ordinal);
            Assert.True((error is null) == (verdicts[i].Length == 0), $"{name} {i}: the server says {error?.Message ?? "yes"}, the script {verdicts[i]}.");
        }

        Assert.InRange(refused, 50, documents.Length - 5);
    }

    [Theory]
    [InlineData("<script>window.hit=1</script>")]
    [InlineData("</script></template><img src=x onerror='window.hit=1'>")]
    [InlineData("\u202Egnp.exe")]
    [InlineData("\u001B[31mred")]
    [InlineData("https://evil.example/")]
    public async Task A_text_is_only_ever_text_as_the_server_shows_it(string hostile)
    {
        var document = DemoAnswerTests.Hostile(hostile);
        var link = DemoLink.Write(SharedDemoReader.Read(document)).Fragment;
        server.Renderings.Drop("hostile-link");
        server.Demos.Put("hostile-link", DemoJson.Write(DemoLink.Read(link)));
        var opened = await OpenAsync(link);
        await Expect(opened.GetByTestId("tokens")).ToBeVisibleAsync();
        var stored = await browser.OpenAsync(server.Address, open: false);
        await stored.GotoAsync(server.Address + "/d/hostile-link");
        Assert.Equal(await stored.EvaluateAsync<string[]>(Read), await opened.EvaluateAsync<string[]>(Read));
        Assert.Equal(await stored.TitleAsync(), await opened.TitleAsync());
        Assert.False(await opened.EvaluateAsync<bool>("'hit' in window"));
        Assert.Equal(0, await opened.Locator("main script, main img, main a[href^='http']").CountAsync());
    }

    [Fact]
    public async Task A_long_seed_keeps_all_its_digits()
    {
        var document = Changed("ngram", "runs.0.request.seed", "18446744073709551615");
        var page = await OpenAsync(Packed(document));
        await Expect(page.Locator("[data-setup=seed] dd")).ToHaveTextAsync("18446744073709551615");
    }

    [Fact]
    public async Task Another_link_in_the_same_tab_is_another_demo_and_the_way_past_the_header_leaves_it()
    {
        var page = await OpenAsync(Link("ngram"));
        await Expect(page.GetByTestId("title")).ToHaveTextAsync("ngram");
        await page.Locator(".skip").TakeFocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#main")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("title")).ToHaveTextAsync("ngram");
        await page.GotoAsync($"{server.Address}/d#{Link("beams")}");
        await Expect(page.GetByTestId("title")).ToHaveTextAsync("beams");
    }

    [Fact]
    public async Task Without_a_script_the_page_says_what_it_takes()
    {
        var page = await browser.OpenAsync(server.Address, open: false, script: false);
        await page.GotoAsync($"{server.Address}/d#{Link("ngram")}");
        await Expect(page.Locator("main")).ToContainTextAsync("JavaScript");
    }

    [Theory]
    [InlineData("ngram", 1440, false)]
    [InlineData("comparison", 1440, true)]
    [InlineData("comparison", 390, false)]
    [InlineData("masked-fill", 768, false)]
    [InlineData("beams", 320, true)]
    [InlineData("", 320, false)]
    public async Task It_is_accessible_and_does_not_overflow(string name, int width, bool dark)
    {
        var page = await OpenAsync(name.Length == 0 ? "d9.deflate.A" : Link(name), width, dark ? ColorScheme.Dark : ColorScheme.Light);
        await Expect(name.Length == 0 ? page.Locator("[data-fault]") : page.GetByTestId("tokens").First).ToBeVisibleAsync();
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
    }

    private static Task<string[]> Traces(IPage page) =>
        page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.stage')].map(stage => `${stage.className} ${[...stage.querySelectorAll('.trace span')].map(part => part.textContent).join('|')}`)");

    private static string Golden(string name) =>
        File.ReadAllText(Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1", name + ".json"));

    private static string Link(string name) => DemoLink.Write(SharedDemoReader.Read(Encoding.UTF8.GetBytes(Golden(name)))).Fragment;

    private static string Packed(string document) => "d1.deflate." + Base64Url.EncodeToString(DemoLink.Compress(Encoding.UTF8.GetBytes(document)));

    private static string Changed(string name, string path, string value)
    {
        var golden = JsonNode.Parse(Golden(name))!;
        var parts = path.Split('.');
        var place = parts[..^1].Aggregate(golden, (node, part) => node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!);
        if (place is JsonArray array)
            array[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        else
            place[parts[^1]] = JsonNode.Parse(value);
        return golden.ToJsonString();
    }

    /// <summary>A golden with one value of it made another one, left out, or given twice in its list.</summary>
    private static string Mutated(string name, Random random)
    {
        string[] values = ["-1", "0", "1", "2", "0.5", "3000000000", "99999", "null", "\"\"", "\"x\"", "[]", "{}", "true", "\"top_k\"", "[0]"];
        var golden = JsonNode.Parse(Golden(name))!;
        var node = golden;
        while (true)
        {
            switch (node)
            {
                case JsonArray { Count: > 0 } list:
                    var index = random.Next(list.Count);
                    if (list[index] is JsonArray or JsonObject && random.Next(12) > 0)
                    {
                        node = list[index]!;
                        continue;
                    }

                    if (random.Next(5) == 0)
                        list.RemoveAt(index);
                    else
                        list[index] = JsonNode.Parse(values[random.Next(values.Length)]);
                    break;
                case JsonObject { Count: > 0 } fields:
                    var field = fields.ElementAt(random.Next(fields.Count)).Key;
                    if (fields[field] is JsonArray { Count: > 0 } or JsonObject && random.Next(12) > 0)
                    {
                        // What was asked for is forgiving: the server takes texts for numbers there, and mends some.
                        if (field is not ("request" or "strategy"))
                            node = fields[field]!;
                        continue;
                    }

                    if (random.Next(5) == 0)
                        fields.Remove(field);
                    else
                        fields[field] = JsonNode.Parse(values[random.Next(values.Length)]);
                    break;
            }

            return golden.ToJsonString();
        }
    }

    private async Task RefusedAsync(string fragment, string words)
    {
        var page = await OpenAsync(fragment);
        await Expect(page.Locator("[data-fault] [data-notice]")).ToContainTextAsync(words);
        await Expect(page.Locator("[data-notice]")).ToContainTextAsync("This demo cannot be opened.");
        Assert.Equal(0, await page.Locator("main [data-token], main [data-run]").CountAsync());
        Assert.DoesNotContain("half shown", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal("Shared demo", await page.TitleAsync());
    }

    private async Task<IPage> OpenAsync(string fragment, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await browser.OpenAsync(server.Address, width, 900, scheme, open: false);
        await page.GotoAsync($"{server.Address}/d#{fragment}");
        return page;
    }
}
