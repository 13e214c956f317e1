using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;

namespace LmPlayground.EndToEnd;

/// <summary>
/// How quick the page is in a browser. No test, since a number of a busy machine proves nothing: run on demand with <c>-explicit only -showLiveOutput</c>; each
/// line is <c>RESULT name=value</c>, in milliseconds. Processor time is that of the page's main thread.
/// </summary>
[Collection(PlaygroundCollection.Name)]
public class Measurements(PlaygroundServer server, Browser browser)
{
    private const int Keys = 30;

    /// <summary>Notes the time from each key to the frame after it.</summary>
    private const string Watch = """
        () => {
          window.times = [];
          addEventListener('keydown', () => {
            const pressed = performance.now();
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => window.times.push(performance.now() - pressed);
              port2.postMessage(0);
            });
          }, true);
        }
        """;

    /// <summary>Texts of each kind, long enough.</summary>
    private static string Text(string kind, int length)
    {
        var piece = kind switch
        {
            "paragraphs" => string.Concat(Enumerable.Repeat("One day, a little girl named Lily found a needle in her room. ", 8)) + "\n\n",
            "line" => "One day, a little girl named Lily found a needle in her room. ",
            _ => "中文分词测试，你好世界。我们一起去公园玩，天气很好。",
        };
        return string.Concat(Enumerable.Repeat(piece, (length / piece.Length) + 1))[..length];
    }

    [Theory(Explicit = true)]
    [InlineData(100_000, "paragraphs")]
    [InlineData(100_000, "line")]
    [InlineData(100_000, "chinese")]
    [InlineData(1_000_000, "paragraphs")]
    [InlineData(1_000_000, "line")]
    [InlineData(1_000_000, "chinese")]
    public async Task A_key_in_a_long_prompt(int length, string kind)
    {
        var page = await browser.OpenAsync(server.Address + "/?model=ngram");
        await page.Part("prompt").FillAsync(Text(kind, length));
        await page.EvaluateAsync(Watch);
        var session = await CountAsync(page);
        foreach (var (place, share) in new[] { ("beginning", 0.0), ("middle", 0.5), ("end", 1.0) })
        {
            await page.Part("prompt").EvaluateAsync(
                "(box, share) => { const at = Math.round(box.textLength * share); box.setSelectionRange(at, at); box.blur(); box.focus(); window.times = []; }", share);
            var before = await MainThreadAsync(session);
            for (var i = 0; i < Keys; i++)
            {
                await page.Keyboard.PressAsync("x");
                await page.WaitForFunctionAsync("count => window.times.length >= count", i + 1);
            }

            var processor = (await MainThreadAsync(session) - before) / Keys;
            var times = (await page.EvaluateAsync<double[]>("() => window.times")).Order().ToArray();
            Report($"key_{length}_{kind}_{place}_median", times[Keys / 2]);
            Report($"key_{length}_{kind}_{place}_worst", times[^1]);
            Report($"key_{length}_{kind}_{place}_processor", processor);
        }
    }

    [Theory(Explicit = true)]
    [InlineData("ngram")]
    [InlineData("lstm")]
    public async Task The_longest_task_while_1500_tokens_come(string model)
    {
        var page = await browser.OpenAsync($"{server.Address}/?model={model}&prompt=Once+upon+a+time&seed=4&ignore_eos=true&max_new_tokens=1500");
        await page.EvaluateAsync(
            "() => { window.tasks = [0]; new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(task => task.duration))).observe({ type: 'longtask' }); }");
        var session = await CountAsync(page);
        var before = await MainThreadAsync(session);
        await page.GenerateAsync();
        Report($"tokens_1500_{model}_longest_task", await page.EvaluateAsync<double>("() => Math.max(...window.tasks)"));
        Report($"tokens_1500_{model}_processor", await MainThreadAsync(session) - before);
    }

    /// <summary>Counts the time that the page's main thread is at work, from now on.</summary>
    private static async Task<ICDPSession> CountAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        return session;
    }

    private static async Task<double> MainThreadAsync(ICDPSession session)
    {
        var metrics = (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray();
        var time = metrics.First(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
        return time * 1000;
    }

    private static void Report(string name, double value) =>
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"RESULT {name}={value:0.#}"));
}
