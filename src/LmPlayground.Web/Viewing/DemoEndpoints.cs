using System.Globalization;
using System.IO.Compression;
using LmPlayground.Sharing;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Sharing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace LmPlayground.Web.Viewing;

/// <summary>The addresses of shared demos.</summary>
internal static class DemoEndpoints
{
    /// <summary>Where a demo is opened that stands in the address itself.</summary>
    internal const string OpenerPath = "/d";

    internal static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps a demo's page, its frame, its files, and what tells search engines to stay away.</summary>
    internal static void MapDemos(this WebApplication app)
    {
        var demos = app.Services.GetRequiredService<DemoRenderings>();
        app.Services.GetRequiredService<DemoShelf>().Changed += demos.Drop;
        var assets = new Lazy<Func<string, string>>(() => AssetsOf(app));
        string[] ancestors = ["'self'", .. app.Services.GetRequiredService<IOptions<DemoOptions>>().Value.EmbedAncestors];
        app.MapMethods(OpenerPath, Methods, (HttpContext context) => OpenAsync(context, demos, assets.Value)).WithMetadata(new LimitedAttribute(ClientAct.AskForPage));
        Map("/d/{id}", "page");
        Map("/d/{id}/embed", "embed").WithMetadata(new FramingAttribute(string.Join(' ', ancestors)));
        Map("/d/{id}.html", "html");
        Map("/d/{id}.json", "json");
        Map("/d/{id}.csv", "csv");
        Map("/d/{id}.png", "png");
        Map("/d/{id}.bin", "bin");
        app.MapReports(demos, path => assets.Value(path));
        app.MapMethods("/robots.txt", Methods, () => Results.Text("User-agent: *\nDisallow: /d/\nDisallow: /gallery\n"));

        IEndpointConventionBuilder Map(string pattern, string kind) => app
            .MapMethods(pattern, Methods, (HttpContext context, string id) => AnswerAsync(context, demos, assets.Value, id, kind))
            .WithMetadata(new LimitedAttribute(ClientAct.AskForPage));
    }

    /// <summary>What is asked of a demo by a request, in the language and the theme of who asks.</summary>
    internal static DemoAsked Asked(HttpContext context, string id, string kind)
    {
        var language = CultureInfo.CurrentUICulture.Name is { Length: > 0 } name ? name : "en";
        var theme = kind is "page" or "report" && context.Request.Cookies["theme"] is "dark" or "light" ? context.Request.Cookies["theme"] : null;
        return new DemoAsked(id, kind, kind is "json" or "csv" or "bin" ? "" : language, theme);
    }

    private static async Task AnswerAsync(HttpContext context, DemoRenderings demos, Func<string, string> assets, string id, string kind)
    {
        var isPage = kind is "page" or "embed";
        var token = isPage ? Math.Max(0, NumberOf(context, "t") - 1) : 0;
        var run = isPage && NumberOf(context, "run") is var asked and < DemoLimits.Runs ? asked : 0;
        var origin = kind == "page" ? UriHelper.BuildAbsolute(context.Request.Scheme, context.Request.Host, context.Request.PathBase) : "";
        var answer = await demos.AnswerAsync(Asked(context, id, kind) with { Token = token, Run = run, Origin = origin }, assets, context.RequestAborted);
        if (isPage && answer.Status == StatusCodes.Status200OK && HttpMethods.IsGet(context.Request.Method))
            await context.RequestServices.GetRequiredService<IDemoSource>().ViewedAsync(id, context.RequestAborted);
        if (answer.Status == StatusCodes.Status200OK && kind is "html" or "json" or "csv" && (kind != "json" || context.Request.Query.ContainsKey("download")))
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"demo-{id}.{kind}\"";
        await WriteAsync(context, answer, hasTheme: kind == "page");
    }

    /// <summary>The page whose demo stands in its own address, after "#": the server never hears of it.</summary>
    private static async Task OpenAsync(HttpContext context, DemoRenderings demos, Func<string, string> assets) =>
        await WriteAsync(context, await demos.OpenerAsync(Asked(context, "", "page"), assets), hasTheme: true);

    /// <summary>A number of the address; 0 where there is none.</summary>
    private static int NumberOf(HttpContext context, string name) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Writes an answer, which no search engine keeps and no browser without asking.</summary>
    internal static async Task WriteAsync(HttpContext context, DemoAnswer answer, bool hasTheme)
    {
        var headers = context.Response.Headers;
        headers["X-Robots-Tag"] = "noindex";
        headers.CacheControl = "no-cache, private";
        headers.Vary = hasTheme ? "Accept-Encoding, Accept-Language, Cookie" : "Accept-Encoding, Accept-Language";
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        var body = answer.Body;
        if (!answer.IsPacked || context.Request.GetTypedHeaders().AcceptEncoding.Any(IsBrotli))
        {
            if (answer.IsPacked)
                context.Response.Headers.ContentEncoding = "br";
            context.Response.ContentLength = body.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
                await context.Response.Body.WriteAsync(body, context.RequestAborted);
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method))
            return;
        using var packed = new MemoryStream(body, writable: false);
        await using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        await brotli.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static bool IsBrotli(StringWithQualityHeaderValue coding) => coding.Value == "br" && coding.Quality is not 0;

    /// <summary>The names of the page's files with their fingerprints, which Blazor's pages know: they are kept by browsers for ever.</summary>
    internal static Func<string, string> AssetsOf(WebApplication app)
    {
        var assets = app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .Select(endpoint => endpoint.Metadata.GetMetadata<ResourceAssetCollection>()).FirstOrDefault(found => found is not null);
        return path => assets?[path] ?? path;
    }
}
