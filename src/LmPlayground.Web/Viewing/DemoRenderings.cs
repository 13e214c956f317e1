using System.IO.Compression;
using System.Text;
using LmPlayground.Demos;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Reading;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Texts;
using LmPlayground.Web.Viewing.Pictures;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Viewing;

/// <summary>Makes what is asked of a demo, once: a page rendered on the server, without a circuit, or one of its files.</summary>
/// <param name="opener">Opens demos.</param>
/// <param name="source">Says how a demo is now.</param>
/// <param name="scopes">Gives each rendering services of its own.</param>
/// <param name="stateWords">What a picture says of a strategy.</param>
/// <param name="words">What the page says.</param>
/// <param name="library">What the libraries say.</param>
/// <param name="loggers">For the renderer.</param>
/// <param name="options">How much is kept.</param>
/// <param name="time">The clock.</param>
public sealed class DemoRenderings(
    IDemoOpener opener, IDemoSource source, IServiceScopeFactory scopes, PageWords stateWords, IStringLocalizer<DemoTexts> words, LibraryWords library,
    ILoggerFactory loggers, IOptions<DemoOptions> options, TimeProvider time)
{
    private const string Html = "text/html; charset=utf-8";
    private const string SealedKind = "bin";
    private const string ReportKind = "report";
    private const string OpenerScript = "js/open/page.js";

    private readonly DemoCache _cache = new((long)options.Value.CacheMegabytes << 20, time);

    /// <summary>Frees what is kept of a demo. Right answers do not depend on it: each one is compared with how its demo is now.</summary>
    public void Drop(string id) => _cache.Drop(id);

    /// <summary>The same, where only the hash of its id is known.</summary>
    internal void Drop(Hash256 id) => _cache.Drop(id);

    /// <summary>Makes what is asked for most of a demo that nobody sees, so that the code for it has been compiled.</summary>
    internal async Task WarmUpAsync()
    {
        await using var sample = typeof(DemoRenderings).Assembly.GetManifestResourceStream("sample.json")!;
        using var document = new MemoryStream();
        await sample.CopyToAsync(document);
        var opened = new OpenedDemo(StatusCodes.Status200OK) { Document = document.ToArray(), Demo = SharedDemoReader.Read(document.ToArray()) };
        foreach (var kind in (string[])["page", "png"])
        {
            var asked = new DemoAsked("", kind, "en");
            await MakeAsync(asked, Shell(asked, path => path), opened.Demo, opened);
        }
    }

    /// <summary>An answer, from those that are kept or made now.</summary>
    internal async Task<DemoAnswer> AnswerAsync(DemoAsked asked, Func<string, string> asset, CancellationToken cancellationToken)
    {
        try
        {
            if (_cache.TryGet(asked, out var kept))
            {
                if (await source.StateAsync(asked.Id, cancellationToken) == kept.State)
                    return kept;
                _cache.Drop(asked.Id);
            }
        }
        catch (DemoStoreException)
        {
            // Opening it says the same, in words.
        }

        var opened = await opener.OpenAsync(asked.Id, cancellationToken);
        var shell = Shell(asked, asset) with { CanBeReported = asked.Kind != "html" && !opened.IsRecorded };
        if (asked.Kind == ReportKind && opened.IsThere && shell.CanBeReported)
        {
            // Whether it can be read does not matter to who reports it.
            var form = await RenderAsync<ReportForm>(asked, new() { ["Shell"] = shell, ["Title"] = opened.Title });
            return Kept(asked, new DemoAnswer(StatusCodes.Status200OK, Html, Compress(form)) { State = StateOf(opened) });
        }

        if (opened.IsEncrypted && asked.Kind is "page" or SealedKind)
            return Kept(asked, await MakeSealedAsync(asked, shell, opened));
        if (opened.Demo is null)
            return await NoticeAsync(asked, shell, opened.Status, opened.Title, opened.Sentence);
        return asked.Kind is SealedKind or ReportKind
            ? await NoticeAsync(asked, shell, StatusCodes.Status404NotFound, "", words["Unknown"])
            : Kept(asked, await MakeAsync(asked, shell, opened.Demo, opened));
    }

    private DemoAnswer Kept(DemoAsked asked, DemoAnswer answer)
    {
        _cache.Keep(asked, answer);
        return answer;
    }

    /// <summary>The page that opens what stands in its own address, in the reader's browser.</summary>
    internal async Task<DemoAnswer> OpenerAsync(DemoAsked asked, Func<string, string> asset)
    {
        if (_cache.TryGet(asked, out var kept))
            return kept;
        var shell = Shell(asked, asset) with { Entry = OpenerScript };
        var body = await RenderAsync<BrowserDemo>(asked, new() { ["Shell"] = shell });
        var answer = new DemoAnswer(StatusCodes.Status200OK, Html, Compress(body));
        _cache.Keep(asked, answer);
        return answer;
    }

    /// <summary>What is encrypted is handed out as it is, and opened where its key is.</summary>
    private async Task<DemoAnswer> MakeSealedAsync(DemoAsked asked, DemoShell shell, OpenedDemo opened)
    {
        if (asked.Kind == SealedKind)
            return new DemoAnswer(StatusCodes.Status200OK, "application/octet-stream", Compress(opened.Document)) { State = StateOf(opened) };
        var parameters = new Dictionary<string, object?>
        {
            ["Shell"] = shell with { Entry = OpenerScript },
            ["Title"] = opened.Title,
            ["Source"] = $"/d/{asked.Id}.{SealedKind}",
        };
        return new DemoAnswer(StatusCodes.Status200OK, Html, Compress(await RenderAsync<BrowserDemo>(asked, parameters))) { State = StateOf(opened) };
    }

    /// <summary>What somebody reads who has reported a demo.</summary>
    internal async Task<DemoAnswer> ThankAsync(DemoAsked asked, Func<string, string> asset) =>
        new(StatusCodes.Status200OK, Html, Compress(await RenderAsync<ReportThanks>(asked, new() { ["Shell"] = Shell(asked, asset) })));

    /// <summary>The form again, for a report that cannot be taken as it is.</summary>
    internal async Task<DemoAnswer> AskAgainAsync(DemoAsked asked, Func<string, string> asset, string text)
    {
        var body = await RenderAsync<ReportForm>(asked, new() { ["Shell"] = Shell(asked, asset), ["LacksReason"] = true, ["Text"] = text });
        return new DemoAnswer(StatusCodes.Status400BadRequest, Html, Compress(body));
    }

    /// <summary>A store that cannot be asked, in its own words.</summary>
    internal Task<DemoAnswer> FailAsync(DemoAsked asked, Func<string, string> asset, DemoStoreException error) =>
        NoticeAsync(asked, Shell(asked, asset), StatusCodes.Status503ServiceUnavailable, "", library.Of(error));

    private static DemoState StateOf(OpenedDemo opened) => new(opened.Title, opened.Expires);

    private async Task<DemoAnswer> MakeAsync(DemoAsked asked, DemoShell shell, SharedDemo demo, OpenedDemo opened)
    {
        var (type, body) = asked.Kind switch
        {
            "json" => ("application/json", opened.Document),
            "csv" => ("text/csv; charset=utf-8", Encoding.UTF8.GetBytes(DemoCsv.Write(demo))),
            "png" => (DemoAnswer.Picture, DemoPicture.Draw(new DemoView(demo), stateWords)),
            _ => (Html, await RenderAsync<DemoDocument>(asked, new() { ["View"] = new DemoView(demo, asked.Run), ["Shell"] = shell, ["Token"] = asked.Token })),
        };
        return new DemoAnswer(StatusCodes.Status200OK, type, type == DemoAnswer.Picture ? body : Compress(body)) { State = StateOf(opened) };
    }

    /// <summary>Notices are made each time: nobody may fill the cache with what is not there.</summary>
    private async Task<DemoAnswer> NoticeAsync(DemoAsked asked, DemoShell shell, int status, string title, string sentence)
    {
        var isPage = asked.Kind is "page" or "embed" or ReportKind;
        var notice = shell with { Form = isPage ? shell.Form : DemoForm.Embed };
        var body = await RenderAsync<DemoNotice>(asked, new() { ["Shell"] = notice, ["Title"] = title, ["Sentence"] = sentence });
        return new DemoAnswer(status, Html, Compress(body));
    }

    /// <summary>A document without a circuit.</summary>
    internal async Task<byte[]> RenderAsync<T>(DemoAsked asked, Dictionary<string, object?> parameters)
        where T : IComponent
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters));
            return root.ToHtmlString();
        });
        var theme = asked.Theme is null ? "" : $" data-theme=\"{asked.Theme}\"";
        return Encoding.UTF8.GetBytes($"<!DOCTYPE html>\n<html lang=\"{asked.Language}\"{theme}>\n{html}\n</html>\n");
    }

    private static DemoShell Shell(DemoAsked asked, Func<string, string> asset) => asked.Kind == "html"
        ? new DemoShell { Form = DemoForm.File, Style = DemoAssets.Style, Script = DemoAssets.Script, ScriptHash = DemoAssets.ScriptHash }
        : new DemoShell
        {
            Form = asked.Kind == "embed" ? DemoForm.Embed : DemoForm.Page,
            Id = asked.Id,
            Asset = asset,
            Origin = asked.Origin,
            Referrer = asked.Kind == ReportKind ? "same-origin" : "no-referrer",
        };

    /// <summary>What is kept of a body, and sent.</summary>
    internal static byte[] Compress(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
            brotli.Write(body);
        return packed.ToArray();
    }
}
