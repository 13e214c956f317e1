using System.Globalization;
using LmPlayground.Demos;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Viewing;

/// <summary>The address of the gallery: what it shows, and how the administrator changes it.</summary>
internal static class GalleryEndpoints
{
    private const string Path = "/gallery";
    private const long LargestForm = 16 << 10;

    /// <summary>Maps the gallery.</summary>
    internal static void MapGallery(this WebApplication app)
    {
        var pages = app.Services.GetRequiredService<GalleryPages>();
        var assets = new Lazy<Func<string, string>>(() => DemoEndpoints.AssetsOf(app));
        app.MapMethods(Path, DemoEndpoints.Methods, context => WriteAsync(context, pages, assets.Value))
            .WithMetadata(new LimitedAttribute(ClientAct.AskForPage));
        app.MapPost(Path, context => ChangeAsync(context, pages, assets.Value))
            .WithMetadata(new LimitedAttribute(ClientAct.GiveKey), new RequestSizeLimitAttribute(LargestForm));
    }

    /// <summary>Adds a demo or removes one, if the key is the administrator's; a page that is loaded again does not do it again.</summary>
    private static async Task ChangeAsync(HttpContext context, GalleryPages pages, Func<string, string> assets)
    {
        var key = context.RequestServices.GetRequiredService<AdminKey>();
        if (!key.IsSet || !context.Request.HasFormContentType)
        {
            await Refusal.WriteAsync(context, StatusCodes.Status404NotFound, "The gallery of this server cannot be changed.");
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var link = form["link"].ToString();
        var refusal = key.Opens(form["key"])
            ? await SetAsync(context, link, form["change"] != "remove")
            : (Status: StatusCodes.Status403Forbidden, Sentence: context.RequestServices.GetRequiredService<IStringLocalizer<GalleryTexts>>()["WrongKey"].Value);
        if (refusal is var (status, sentence))
        {
            await WriteAsync(context, pages, assets, new GalleryRefusal(link, status, sentence));
            return;
        }

        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = $"{Path}#{GalleryPages.Added}";
    }

    /// <summary>Why a demo was not added or removed, or null.</summary>
    private static async Task<(int Status, string Sentence)?> SetAsync(HttpContext context, string link, bool shown)
    {
        try
        {
            if (!DemoId.TryParse(IdOf(link), out var id))
                throw new DemoStoreException("demos.unknown", $"There is no demo behind this link.");
            var store = await context.RequestServices.GetRequiredService<DemoShelf>().OpenAsync(context.RequestAborted);
            await store.SetInGalleryAsync(id, shown, context.RequestAborted);
            return null;
        }
        catch (DemoStoreException error)
        {
            var status = error.Code == "demos.unknown" ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable;
            return (status, context.RequestServices.GetRequiredService<LibraryWords>().Of(error));
        }
    }

    /// <summary>The id in a link, or what stands in its place.</summary>
    private static string IdOf(string link)
    {
        var path = link.Trim().Split('?', '#')[0].TrimEnd('/');
        return path[(path.LastIndexOf('/') + 1)..];
    }

    private static async Task WriteAsync(HttpContext context, GalleryPages pages, Func<string, string> assets, GalleryRefusal? refusal = null)
    {
        var language = CultureInfo.CurrentUICulture.Name is { Length: > 0 } name ? name : "en";
        var theme = context.Request.Cookies["theme"] is "dark" or "light" ? context.Request.Cookies["theme"] : null;
        var answer = await pages.AnswerAsync(language, theme, assets, refusal, context.RequestAborted);
        context.Response.Headers["Referrer-Policy"] = pages.Referrer;
        await DemoEndpoints.WriteAsync(context, refusal is null ? answer : answer with { Status = refusal.Status }, hasTheme: true);
    }
}
