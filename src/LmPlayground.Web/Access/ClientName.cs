using System.Net;
using System.Net.Sockets;

namespace LmPlayground.Web.Access;

/// <summary>Whom a request comes from, as far as the server can tell.</summary>
internal static class ClientName
{
    /// <summary>What of an IPv6 address one household or one machine has to itself, in bytes: it may use every address below.</summary>
    private const int OwnPrefix = 8;

    /// <summary>The client's name: its IPv4 address or IPv6 network, as the nearest known proxy tells it. Never logged.</summary>
    internal static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>The name of the client at an address; that of this machine where there is none, as on a Unix socket.</summary>
    internal static string Of(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address))
            return "localhost";
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        if (address.IsIPv4MappedToIPv6)
            return Of(address.MapToIPv4());
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(OwnPrefix).Clear();
        return new IPAddress(bytes).ToString();
    }
}
