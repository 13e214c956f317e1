using System.IO.Compression;
using System.Text;
using LmPlayground.Demos;
using LmPlayground.Sharing;
using LmPlayground.Sharing.Reading;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Viewing;

/// <summary>Makes what is asked of a demo, once: a page rendered on the server, without a circuit, or one of its files.</summary>
/// <param name="source">Where demos are found.</param>
/// <param name="scopes">Gives each rendering services of its own.</param>
/// <param name="words">What the page says.</param>
/// <param name="library">What the libraries say.</param>
/// <param name="loggers">For the renderer.</param>
/// <param name="options">How much is kept.</param>
/// <param name="time">The clock.</param>
public sealed class DemoRenderings(
    IDemoSource source, IServiceScopeFactory scopes, IStringLocalizer<DemoTexts> words, LibraryWords library, ILoggerFactory loggers,
    IOptions<DemoOptions> options, TimeProvider time)
{
    private const string Html = "text/html; charset=utf-8";

    private readonly DemoCache _cache = new((long)options.Value.CacheMegabytes << 20, time);

    /// <summary>Forgets a demo: it was revoked, it has expired, or its title is another one.</summary>
    public void Drop(string id) => _cache.Drop(id);

    /// <summary>An answer, from those that are kept or made now.</summary>
    internal async Task<DemoAnswer> AnswerAsync(DemoAsked asked, Func<string, string> asset, CancellationToken cancellationToken)
    {
        if (_cache.TryGet(asked, out var kept))
            return kept;
        var mark = _cache.Mark();
        DemoFinding finding;
        try
        {
            finding = asked.Id.Length is > 0 and <= 64 && asked.Id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
                ? await source.FindAsync(asked.Id, cancellationToken)
                : new DemoFinding(DemoPresence.Unknown);
        }
        catch (DemoStoreException error)
        {
            return await NoticeAsync(asked, Shell(asked, asset), StatusCodes.Status503ServiceUnavailable, "", library.Of(error));
        }

        if (finding.Presence == DemoPresence.Found && finding.Expires <= time.GetUtcNow())
            finding = finding with { Presence = DemoPresence.Expired };
        var shell = Shell(asked, asset);
        switch (finding.Presence)
        {
            case DemoPresence.Unknown:
                return await NoticeAsync(asked, shell, StatusCodes.Status404NotFound, "", words["Unknown"]);
            case DemoPresence.Expired:
                return await NoticeAsync(asked, shell, StatusCodes.Status410Gone, finding.Title, words["Expired"]);
            case DemoPresence.Revoked:
                return await NoticeAsync(asked, shell, StatusCodes.Status410Gone, finding.Title, words["Revoked"]);
        }

        try
        {
            var answer = await MakeAsync(asked, shell, finding);
            _cache.Keep(asked, answer, mark);
            return answer;
        }
        catch (SharedDemoException error)
        {
            var why = library.Of(error);
            return await NoticeAsync(asked, shell, StatusCodes.Status422UnprocessableEntity, finding.Title, words["Broken", why]);
        }
    }

    private async Task<DemoAnswer> MakeAsync(DemoAsked asked, DemoShell shell, DemoFinding finding)
    {
        var document = DemoUnpacker.Unpack(finding);
        var demo = SharedDemoReader.Read(document);
        var (type, body) = asked.Kind switch
        {
            "json" => ("application/json", document),
            "csv" => ("text/csv; charset=utf-8", Encoding.UTF8.GetBytes(DemoCsv.Write(demo))),
            _ => (Html, await RenderAsync<DemoDocument>(asked, new() { ["View"] = new DemoView(demo), ["Shell"] = shell, ["Token"] = asked.Token })),
        };
        return new DemoAnswer(StatusCodes.Status200OK, type, Compress(body), finding.Expires);
    }

    /// <summary>Notices are made each time: nobody may fill the cache with what is not there.</summary>
    private async Task<DemoAnswer> NoticeAsync(DemoAsked asked, DemoShell shell, int status, string title, string sentence)
    {
        var isPage = asked.Kind is "page" or "embed";
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
        : new DemoShell { Form = asked.Kind == "embed" ? DemoForm.Embed : DemoForm.Page, Id = asked.Id, Asset = asset };

    /// <summary>What is kept of a body, and sent.</summary>
    internal static byte[] Compress(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
            brotli.Write(body);
        return packed.ToArray();
    }
}
