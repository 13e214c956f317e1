using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace LmPlayground.Web.Configuration;

/// <summary>The reverse proxies in front of the server, whose word about a visitor's address, name and scheme is taken.</summary>
public sealed class ProxyOptions
{
    /// <summary>The name of the section in a configuration file.</summary>
    public const string Section = "Proxy";

    /// <summary>The addresses of proxies.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>The networks that proxies are in: 10.0.0.0/8.</summary>
    public IList<string> KnownNetworks { get; } = [];

    /// <summary>How many proxies stand one behind the other: from 1.</summary>
    public int ForwardLimit { get; set; } = 1;

    /// <summary>Whether there is any; without one no forwarded header is read.</summary>
    internal bool IsConfigured => KnownProxies.Count > 0 || KnownNetworks.Count > 0;

    /// <summary>ASP.NET Core's options for them.</summary>
    internal ForwardedHeadersOptions ToForwardedHeaders()
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = ForwardLimit,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in KnownProxies)
            forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        foreach (var network in KnownNetworks)
            forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        return forwarded;
    }
}
