using LmPlayground.Runs.Work;
using LmPlayground.Web.Access;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace LmPlayground.Web.Components.Browser;

/// <summary>Tells the page whether it has a connection, and ends the work of a tab that was closed.</summary>
internal sealed class PresenceHandler(Presence presence, Visitor visitor, Arrivals arrivals, IRunManager runs) : CircuitHandler
{
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        presence.SetConnected(true);
        presence.SetAnswering(true);
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        presence.SetConnected(false);
        return Task.CompletedTask;
    }

    /// <summary>The tab was closed, or is being reloaded: then it has asked for its page already, and finds its run again.</summary>
    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        presence.SetConnected(false);
        if (presence.TabId is { } tabId && !arrivals.Expects(visitor.Client))
            runs.Leave(tabId);
        return Task.CompletedTask;
    }
}
