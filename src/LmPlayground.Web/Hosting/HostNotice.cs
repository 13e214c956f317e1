using LmPlayground.Web.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace LmPlayground.Web.Hosting;

/// <summary>Says at the start what a server that listens to other machines lacks.</summary>
internal static partial class HostNotice
{
    /// <summary>Says that other machines are refused, where the server listens to them and no name is allowed.</summary>
    internal static void Say(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (!app.Services.GetRequiredService<HostRules>().AreNamed && addresses.FirstOrDefault(address => !IsLoopback(address)) is { } open)
            LogRefusesOthers(app.Logger, open, HostGuard.Advice);
    }

    internal static bool IsLoopback(string address) => HostRules.IsLoopback(BindingAddress.Parse(address).Host);

    [LoggerMessage(LogLevel.Warning, "The server listens on {Address}, but answers only to this machine's own names. {Advice}")]
    private static partial void LogRefusesOthers(ILogger logger, string address, string advice);
}
