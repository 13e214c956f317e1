using System.Security.Cryptography;
using LmPlayground.Web.Access;

namespace LmPlayground.Web.Components;

/// <summary>What every answer of the page carries against foreign scripts, frames and sockets.</summary>
internal static class PageSecurity
{
    /// <summary>What the page does not use, no script that slips in may ask for; names that a browser does not know it complains of. Copying is used.</summary>
    private const string NoDevices =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), "
        + "microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

    private static readonly object NonceKey = new();

    /// <summary>This answer's nonce: the only inline script (the import map) carries it.</summary>
    public static string Nonce(HttpContext context)
    {
        if (context.Items[NonceKey] is not string nonce)
            context.Items[NonceKey] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        return nonce;
    }

    /// <summary>Adds the headers. What depends on being framed follows from the page that the request goes to.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        AddHeaders(context);
        return next(context);
    }

    /// <summary>Says that the server failed, with the same headers: those of the answer that was begun are gone.</summary>
    public static Task FailAsync(HttpContext context)
    {
        AddHeaders(context);
        return Refusal.WriteAsync(context, StatusCodes.Status500InternalServerError, "The server failed; its log has the details.");
    }

    private static void AddHeaders(HttpContext context)
    {
        var framing = context.GetEndpoint()?.Metadata.GetMetadata<FramingAttribute>() ?? FramingAttribute.Nowhere;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'nonce-{Nonce(context)}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; object-src 'none'; "
            + $"frame-ancestors {framing.Ancestors}";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = NoDevices;
        headers["Cross-Origin-Opener-Policy"] = framing.IsForOthers ? "unsafe-none" : "same-origin";
        headers["Cross-Origin-Resource-Policy"] = framing.IsForOthers ? "cross-origin" : "same-origin";
        headers.XFrameOptions = framing.XFrameOptions;
    }
}
