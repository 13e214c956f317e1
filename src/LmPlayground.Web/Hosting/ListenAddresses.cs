using System.Globalization;
using System.Net;
using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Web.Hosting;

/// <summary>Checks the addresses that the server is to listen on.</summary>
/// <remarks>
/// Kestrel takes what it does not understand before a port for the name of a host, and listens for a name on every interface:
/// "http://127.0.0.1:abc" would be port 80 for everyone.
/// </remarks>
internal static class ListenAddresses
{
    /// <summary>Every address that is wrong, with the option that it comes from.</summary>
    /// <param name="configuration">The configuration, with what ASPNETCORE_URLS and its kin say.</param>
    /// <param name="urls">What --urls says, or null.</param>
    internal static IEnumerable<string> Faults(IConfiguration configuration, string? urls)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => (Option: $"{endpoint.Path}:Url", Addresses: endpoint["Url"]));
        return new[] { urls is null ? (Option: "ASPNETCORE_URLS", Addresses: configuration[WebHostDefaults.ServerUrlsKey]) : (Option: "--urls", Addresses: urls) }
            .Concat(endpoints)
            .SelectMany(source => Split(source.Addresses).Select(address => (source.Option, Value: address, Fault: FaultOf(address))))
            .Concat(Ports(configuration, WebHostDefaults.HttpPortsKey, "ASPNETCORE_HTTP_PORTS"))
            .Concat(Ports(configuration, WebHostDefaults.HttpsPortsKey, "ASPNETCORE_HTTPS_PORTS"))
            .Where(checkedOne => checkedOne.Fault is not null)
            .Select(wrong => $"{Quoted.Text(wrong.Option)} has '{Quoted.Text(wrong.Value)}', {wrong.Fault}");
    }

    private static IEnumerable<(string Option, string Value, string? Fault)> Ports(IConfiguration configuration, string key, string option) =>
        Split(configuration[key]).Select(port => (option, port, IsPort(port) ? null : NoPort));

    private static string[] Split(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string NoPort => $"whose port is no number from {IPEndPoint.MinPort} to {IPEndPoint.MaxPort}";

    private static bool IsPort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string? FaultOf(string text)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(text);
        }
        catch (FormatException)
        {
            return "which is no address such as http://127.0.0.1:5000";
        }

        if (address.Scheme.ToLowerInvariant() is not ("http" or "https"))
            return "which is neither http nor https";
        if (address.IsUnixPipe || address.IsNamedPipe)
            return null;
        if (address.PathBase.Length > 0)
            return "which has a path: the server is always the whole of its address";

        // What the parser cannot read as a port stays with the host.
        var isPortLeft = address.Host.StartsWith('[') ? !address.Host.EndsWith(']') : address.Host.Contains(':', StringComparison.Ordinal);
        return isPortLeft || address.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort ? NoPort : null;
    }
}
