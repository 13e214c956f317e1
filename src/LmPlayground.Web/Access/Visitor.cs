using System.Net;

namespace LmPlayground.Web.Access;

/// <summary>Who opened a page, as far as that decides what the page may do. One for each circuit.</summary>
internal sealed class Visitor
{
    private static readonly string[] ForwardingHeaders =
        ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "X-Forwarded-Server", "CF-Connecting-IP", "True-Client-IP"];

    /// <summary>Whether it is somebody at this machine, who could do by hand what the page does.</summary>
    internal bool IsAtThisMachine { get; set; }

    /// <summary>
    /// Whether a request comes from this machine: its peer and the name that it asks for are this machine's own, nothing has forwarded it,
    /// and no proxy is known to stand in front. A proxy that hides itself still shows by the name, which is the server's public one.
    /// </summary>
    internal static bool AsksFromThisMachine(HttpContext context, ProxyOptions proxy) =>
        !proxy.IsConfigured
        && context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
        && HostRules.IsLoopback(context.Request.Host.Host)
        && !Array.Exists(ForwardingHeaders, context.Request.Headers.ContainsKey);
}
