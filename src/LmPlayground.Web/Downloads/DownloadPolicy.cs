using System.Net;
using LmPlayground.Models.Hub;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Downloads;

/// <summary>Decides whether pages may download: the operator says so, or the server listens on this machine alone.</summary>
internal sealed class DownloadPolicy(IOptions<DownloadOptions> options, IServer server)
{
    /// <summary>Why not, or null where they may.</summary>
    public string? Refusal => IsAllowed
        ? null
        : "This server does not download for its visitors. Whoever runs it can: with the command pull, or by setting Hub:AllowDownloads.";

    private bool IsAllowed => options.Value.AllowDownloads
        ?? (server.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses && addresses.All(IsLoopback));

    /// <exception cref="HubException">They may not.</exception>
    public void Check()
    {
        if (Refusal is { } refusal)
            throw new HubException(refusal);
    }

    internal static bool IsLoopback(string address)
    {
        var host = BindingAddress.Parse(address).Host.Trim('[', ']');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
