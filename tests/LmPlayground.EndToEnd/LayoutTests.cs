using LmPlayground.EndToEnd.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LmPlayground.EndToEnd;

/// <summary>Nothing is cut off, and every control can be hit, on every page and at every width.</summary>
[Collection(PlaygroundCollection.Name)]
public class LayoutTests(PlaygroundServer server, Browser browser)
{
    /// <summary>Every stage in sight: the lists of texts have an entry, the others a value that is not neutral.</summary>
    private const string Stages = "/?prompt=Once+upon+a+time&seed=7&max_new_tokens=12&temperature=0.8&top_k=40&top_p=0.9&min_p=0.02&typical_p=0.95"
        + "&repetition_penalty=1.1&presence_penalty=0.2&frequency_penalty=0.2&no_repeat_ngram_size=3&min_new_tokens=2&logit_bias=5%3D1"
        + "&bad_words=dragon&epsilon_cutoff=0.0003&eta_cutoff=0.0003&dry_multiplier=0.8&xtc_probability=0.5&top_n_sigma=2&tfs_z=0.97&dynatemp_range=0.3";

    private static readonly string[] Columns =
        ["", "temperature=1.4", "top_k=5", "model=lstm", "model=ngram", "repetition_penalty=1.3&temperature=0.7&top_p=0.8", "min_p=0.1", "order=llama.cpp"];

    private static readonly string Eight = "/compare?prompt=Once+upon+a+time&seed=7&max_new_tokens=12&continuation=, there was a little girl."
        + string.Concat(Columns.Select(column => "&column=" + Uri.EscapeDataString(column)));

    public static TheoryData<string, int> Pages
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var page in (string[])["stages", "greedy", "mirostat", "search", "compare", "tokens", "models"])
            {
                foreach (var width in (int[])[1440, 1024, 768, 390, 320])
                    data.Add(page, width);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task No_text_is_cut_and_no_two_controls_touch(string name, int width)
    {
        var page = await OpenAsync(name, width);
        Assert.Empty(await page.EvaluateAsync<string[]>(Cut));
        Assert.Empty(await page.EvaluateAsync<string[]>(Small));
        Assert.Empty(await page.EvaluateAsync<string[]>(Touching));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page scrolls sideways");
    }

    [Fact]
    public async Task Seed_strategy_and_stops_are_one_click_away_at_900_pixels()
    {
        var page = await browser.OpenAsync(server.Address + Stages);
        (string, string)[] links = [("goto-seed", "#seed"), ("goto-strategy", ".search-settings label"), ("goto-stops", "#max-new-tokens")];
        foreach (var (link, box) in links)
        {
            await Expect(page.Part(link)).ToBeInViewportAsync(new() { Ratio = 1 });
            await page.Part(link).ClickAsync();
            await Expect(page.Locator(box).First).ToBeInViewportAsync(new() { Ratio = 1 });
            await Expect(page.Locator(".sampler-scroll :focus")).ToHaveCountAsync(1);
        }
    }

    private async Task<IPage> OpenAsync(string name, int width)
    {
        var address = name switch
        {
            "stages" => Stages,
            "greedy" => Stages.Replace("temperature=0.8", "temperature=0", StringComparison.Ordinal),
            "mirostat" => Stages + "&mirostat_tau=5",
            "search" => "/?prompt=Once+upon+a+time&num_beams=4&num_beam_groups=2&diversity_penalty=1&guidance_scale=1.5&max_new_tokens=8",
            "compare" => Eight,
            _ => "/" + name,
        };
        var page = await browser.OpenAsync(server.Address, width, open: false);
        await page.GotoAsync(server.Address + address);
        switch (name)
        {
            case "tokens":
                await Expect(page.Part("counts").First).ToBeVisibleAsync();
                await page.Part("add").ClickAsync();
                await Expect(page.Part("counts")).ToHaveCountAsync(2);
                break;
            case "models":
                await Expect(page.Part("filter")).ToBeEnabledAsync();
                break;
            case "compare":
                await page.ReadyAsync();
                await page.Part("generate").ClickAsync();
                await Expect(page.Part("metric-tokens")).ToContainTextAsync("12", new() { Timeout = 60_000 });
                await page.Part("score").ClickAsync();
                await Expect(page.Part("scored-model")).ToHaveCountAsync(3, new() { Timeout = 60_000 });
                break;
            default:
                await page.ReadyAsync();
                await page.GenerateAsync();
                break;
        }

        // On a narrow page the sampler is a sheet.
        if (width < 760 && name is not ("tokens" or "models"))
        {
            await page.Part("open-sampler").ClickAsync();
            await Expect(page.Locator(".sampler-panel.open")).ToBeInViewportAsync();
        }

        return page;
    }

    /// <summary>Elements whose text is wider than they are, without a scroll bar of theirs to bring it into view.</summary>
    private const string Cut = """
        () => {
            const scrolls = style => /auto|scroll/.test(style.overflowX);
            const isSeen = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0
                && getComputedStyle(e).clipPath !== 'inset(50%)' && !e.closest('.sr, .skip, .mirror, .reconnect, #blazor-error-ui, .seg');
            const all = [...document.querySelectorAll('body *')].filter(e => e.namespaceURI.endsWith('xhtml') && isSeen(e));
            return all.filter(e => {
                if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.matches('select')) return false;
                const style = getComputedStyle(e);
                if (e.matches('textarea, option, optgroup, input')) return false;
                if (style.display !== 'inline' && !scrolls(style) && style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1) return true;
                // Cut by what it stands in: the nearest one that clips and does not scroll.
                const range = document.createRange();
                range.selectNodeContents(e);
                const box = range.getBoundingClientRect();
                for (let p = e.parentElement; p; p = p.parentElement) {
                    const around = getComputedStyle(p);
                    if (scrolls(around)) return false;
                    if (around.overflowX === 'visible') continue;
                    const clip = p.getBoundingClientRect();
                    return box.width > 0 && (box.right > clip.right + 1 || box.left < clip.left - 1);
                }
                return false;
            }).map(e => `${e.tagName}.${e.className}: ${(e.innerText ?? '').slice(0, 60)}`);
        }
        """;

    /// <summary>What can be hit, with its box; words within a sentence are as high as its line.</summary>
    private const string Targets = """
        const targets = [...document.querySelectorAll('a[href], button, input:not([type=range]), select, summary, [role=button], [role=combobox]')]
            .filter(e => e.checkVisibility({ visibilityProperty: true }) && getComputedStyle(e).visibility === 'visible'
                && !e.closest('.skip, .reconnect, #blazor-error-ui, .sr') && !e.matches('button.link, button.term:not(.sign)'))
            .map(e => ({ e, box: (e.type === 'checkbox' ? e.closest('label') : e).getBoundingClientRect() })).filter(t => t.box.width > 0 && t.box.height > 0);
        const called = e => `${e.tagName}.${e.className} ${e.dataset.testid ?? ''} ${e.ariaLabel ?? e.innerText ?? ''}`.replace(/\s+/g, ' ').slice(0, 80);
        """;

    private const string Small = $$"""
        () => {
            {{Targets}}
            return targets.filter(t => t.box.width < 23.5 || t.box.height < 23.5).map(t => `${called(t.e)}: ${t.box.width} x ${t.box.height}`);
        }
        """;

    /// <summary>Pairs that stand beside or below each other with less than 4 pixels between them; segments of one control belong together.</summary>
    private const string Touching = $$"""
        () => {
            {{Targets}}
            const found = [];
            for (let i = 0; i < targets.length; i++) for (let j = i + 1; j < targets.length; j++) {
                const [a, b] = [targets[i], targets[j]];
                if (a.e.contains(b.e) || b.e.contains(a.e)) continue;
                if (a.e.parentElement === b.e.parentElement && a.e.closest('.segments')) continue;
                // What scrolls out of sight below a bar that stays is not beside it.
                const scroller = e => e.closest(
                    '.sampler-scroll, .table-scroll, .metrics-scroll, .text-scroll, .columns, .compare-main, .splits, .sampler-panel, .token-panel');
                if (scroller(a.e) !== scroller(b.e)) continue;
                const across = Math.max(a.box.left, b.box.left) - Math.min(a.box.right, b.box.right);
                const down = Math.max(a.box.top, b.box.top) - Math.min(a.box.bottom, b.box.bottom);
                if (Math.max(across, down) < 3.5 && (across < 0 || down < 0)) found.push(`${called(a.e)} | ${called(b.e)}: ${Math.max(across, down).toFixed(1)}`);
            }
            return found;
        }
        """;
}
