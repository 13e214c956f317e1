using LmPlayground.Web.Access;
using LmPlayground.Web.State;
using Microsoft.JSInterop;

namespace LmPlayground.Web.Components.Browser;

/// <summary>The browser's tab that a page stands in. One for each circuit.</summary>
/// <param name="script">The tab's scripts.</param>
/// <param name="presence">Whether the browser is there.</param>
/// <param name="visitor">Whose it is.</param>
/// <param name="arrivals">Learns that the page is there.</param>
internal sealed class BrowserTab(IJSRuntime script, Presence presence, Visitor visitor, Arrivals arrivals)
{
    /// <summary>Whether the browser is there.</summary>
    internal Presence Presence => presence;

    /// <summary>Lets a page find the work that the tab has begun, and then stops waiting for it.</summary>
    /// <param name="connect">Connects the page, given the tab's own unguessable id.</param>
    internal async Task ConnectAsync(Func<string, Task> connect)
    {
        presence.TabId = await TabId.ReadAsync(script);
        await connect(presence.TabId);
        arrivals.Connect(visitor.Client);
    }
}
