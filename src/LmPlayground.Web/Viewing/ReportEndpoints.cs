using LmPlayground.Demos;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components.Viewing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace LmPlayground.Web.Viewing;

/// <summary>
/// How a visitor reports a shared demo: a page with a form of plain HTML, and what it is sent to. There is no antiforgery token, since there is nothing
/// to forge: no cookie and no login says who reports, and whoever has the link may. Pages of other origins are turned away by their Origin
/// (<see cref="HostGuard"/>), and too many reports by the limiter.
/// </summary>
internal static class ReportEndpoints
{
    private const string Kind = "report";
    private const int MostBytes = 16 << 10;

    /// <summary>Maps the form and where it is sent to.</summary>
    internal static void MapReports(this WebApplication app, DemoRenderings demos, Func<string, string> asset)
    {
        const string Pattern = "/d/{id}/report";
        app.MapMethods(
            Pattern, DemoEndpoints.Methods,
            async (HttpContext context, string id) => await WriteAsync(context, await demos.AnswerAsync(Asked(context, id), asset, context.RequestAborted)))
            .WithMetadata(new LimitedAttribute(ClientAct.AskForPage));
        app.MapPost(Pattern, async (HttpContext context, string id) => await WriteAsync(context, await TakeAsync(context, demos, Asked(context, id), asset)))
            .WithMetadata(new LimitedAttribute(ClientAct.ReportDemo), new RequestSizeLimitAttribute(MostBytes));
    }

    private static async Task<DemoAnswer> TakeAsync(HttpContext context, DemoRenderings demos, DemoAsked asked, Func<string, string> asset)
    {
        var opened = await demos.AnswerAsync(asked, asset, context.RequestAborted);
        if (opened.Status != StatusCodes.Status200OK)
            return opened;
        var (reason, text) = await ReadAsync(context);
        if (!ReportReasons.All.Contains(reason))
            return await demos.AskAgainAsync(asked, asset, text);
        try
        {
            var source = context.RequestServices.GetRequiredService<IDemoSource>();
            if (await source.ReportAsync(asked.Id, ReportReasons.Join(reason, text), context.RequestAborted))
                return await demos.ThankAsync(asked, asset);
        }
        catch (DemoStoreException error)
        {
            return await demos.FailAsync(asked, asset, error);
        }

        // It ended just now: what was kept of it says otherwise.
        demos.Drop(asked.Id);
        return await demos.AnswerAsync(asked, asset, context.RequestAborted);
    }

    /// <summary>What was sent; nothing of what is no form, or more than one writes by hand.</summary>
    private static async Task<(string Reason, string Text)> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return ("", "");
        try
        {
            var limits = new FormOptions { ValueCountLimit = 8, ValueLengthLimit = MostBytes, KeyLengthLimit = 64, BufferBodyLengthLimit = MostBytes };
            var form = await context.Request.ReadFormAsync(limits, context.RequestAborted);
            return (form[ReportReasons.Field].ToString(), form[ReportReasons.TextField].ToString());
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException or IOException)
        {
            return ("", "");
        }
    }

    private static DemoAsked Asked(HttpContext context, string id) => DemoEndpoints.Asked(context, id, Kind);

    private static Task WriteAsync(HttpContext context, DemoAnswer answer)
    {
        // With "no-referrer" a browser would send the form with the Origin "null", which is any page's.
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        return DemoEndpoints.WriteAsync(context, answer, hasTheme: true);
    }
}
