using System.Net;
using LmPlayground.Web.Configuration;

namespace LmPlayground.Web.Access;

/// <summary>Who opened a page, as far as that decides what the page may do. One for each circuit.</summary>
internal sealed class Visitor
{
    private static readonly string[] ForwardingHeaders =
        ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "X-Forwarded-Server", "CF-Connecting-IP", "True-Client-IP",
            // What ASP.NET leaves of forwarded headers that it has read, as with ASPNETCORE_FORWARDEDHEADERS_ENABLED.
            "X-Original-For", "X-Original-Host", "X-Original-Proto"];

    /// <summary>Whether it is somebody at this machine, who could do by hand what the page does.</summary>
    internal bool IsAtThisMachine { get; set; }

    /// <summary>Whom the page belongs to: see <see cref="ClientName"/>.</summary>
    internal string Client { get; set; } = "";

    /// <summary>
    /// Whether a request comes from this machine: its peer and the name that it asks for are this machine's own, nothing has forwarded it,
    /// and no proxy is known to stand in front. A proxy that hides itself shows by the name, where it hands on the server's public one, or by
    /// HTTP/1.0, which no browser speaks and nginx does unless told otherwise. One that does neither must be named in the options.
    /// </summary>
    internal static bool AsksFromThisMachine(HttpContext context, ProxyOptions proxy) =>
        !proxy.IsConfigured
        && context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
        && !HttpProtocol.IsHttp10(context.Request.Protocol)
        && HostRules.IsLoopback(context.Request.Host.Host)
        && !Array.Exists(ForwardingHeaders, context.Request.Headers.ContainsKey);
}
