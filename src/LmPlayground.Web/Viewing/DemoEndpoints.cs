using System.Globalization;
using System.IO.Compression;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Sharing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace LmPlayground.Web.Viewing;

/// <summary>The addresses of shared demos.</summary>
internal static class DemoEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps a demo's page, its frame, its files, and what tells search engines to stay away.</summary>
    internal static void MapDemos(this WebApplication app)
    {
        var demos = app.Services.GetRequiredService<DemoRenderings>();
        app.Services.GetRequiredService<DemoShelf>().Changed += id => demos.Drop(id.ToString());
        var assets = new Lazy<Func<string, string>>(() => AssetsOf(app));
        string[] ancestors = ["'self'", .. app.Services.GetRequiredService<IOptions<DemoOptions>>().Value.EmbedAncestors];
        Map("/d/{id}", "page");
        Map("/d/{id}/embed", "embed").WithMetadata(new FramingAttribute(string.Join(' ', ancestors)));
        Map("/d/{id}.html", "html");
        Map("/d/{id}.json", "json");
        Map("/d/{id}.csv", "csv");
        app.MapMethods("/robots.txt", Methods, () => Results.Text("User-agent: *\nDisallow: /d/\nDisallow: /gallery\n"));

        IEndpointConventionBuilder Map(string pattern, string kind) => app
            .MapMethods(pattern, Methods, (HttpContext context, string id) => AnswerAsync(context, demos, assets.Value, id, kind))
            .WithMetadata(new LimitedAttribute(ClientAct.AskForPage));
    }

    private static async Task AnswerAsync(HttpContext context, DemoRenderings demos, Func<string, string> assets, string id, string kind)
    {
        var isPage = kind is "page" or "embed";
        var language = CultureInfo.CurrentUICulture.Name is { Length: > 0 } name ? name : "en";
        var theme = kind == "page" && context.Request.Cookies["theme"] is "dark" or "light" ? context.Request.Cookies["theme"] : null;
        var token = isPage && int.TryParse(context.Request.Query["t"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked - 1 : 0;
        var answer = await demos.AnswerAsync(new DemoAsked(id, kind, kind is "json" or "csv" ? "" : language, theme, token), assets, context.RequestAborted);
        if (isPage && answer.Status == StatusCodes.Status200OK && HttpMethods.IsGet(context.Request.Method))
            await context.RequestServices.GetRequiredService<IDemoSource>().ViewedAsync(id, context.RequestAborted);
        var headers = context.Response.Headers;
        headers["X-Robots-Tag"] = "noindex";
        headers.CacheControl = "no-cache, private";
        headers.Vary = kind == "page" ? "Accept-Encoding, Accept-Language, Cookie" : "Accept-Encoding, Accept-Language";
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        if (answer.Status == StatusCodes.Status200OK && !isPage && (kind != "json" || context.Request.Query.ContainsKey("download")))
            headers.ContentDisposition = $"attachment; filename=\"demo-{id}.{kind}\"";
        await WriteAsync(context, answer.Body);
    }

    /// <summary>Writes a body that is kept compressed, and unpacks it only for who cannot.</summary>
    internal static async Task WriteAsync(HttpContext context, byte[] body)
    {
        if (context.Request.GetTypedHeaders().AcceptEncoding.Any(IsBrotli))
        {
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
