using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace LmPlayground.Web.Access;

/// <summary>Refuses addresses that no page can carry, in words.</summary>
/// <remarks>
/// Kestrel itself answers too long a request line with a bare status, so its limit is well above the one here. The line does not take more memory
/// than a request's body may: both are read through the same buffer.
/// </remarks>
internal static class AddressGuard
{
    /// <summary>The longest request line that is read at all, in bytes: the buffer that every connection may fill anyway.</summary>
    internal const int LongestLine = 1 << 20;

    /// <summary>The longest address that is served, in characters: a page tells the server its address in one message, whose limit is a megabyte.</summary>
    internal const int Longest = 250_000;

    internal static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        return target.Length <= Longest
            ? next(context)
            : Refusal.WriteAsync(context, StatusCodes.Status414UriTooLong, string.Create(
                CultureInfo.InvariantCulture,
                $"This address is too long: it has {target.Length:#,0} characters, and {Longest:#,0} are read. Open the page without it, and paste the text into the page."));
    }
}
