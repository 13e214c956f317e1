using Microsoft.JSInterop;

namespace LmPlayground.Web.Components.Browser;

/// <summary>The browser tab's own unguessable id, by which its work is found again after a reload.</summary>
internal static class TabId
{
    /// <summary>Asks the browser; where there is no script, an id of this visit alone.</summary>
    public static async Task<string> ReadAsync(IJSRuntime script)
    {
        var module = await script.InvokeAsync<IJSObjectReference?>("import", "./js/tab.js");
        if (module is null)
            return Guid.NewGuid().ToString("N");
        await using (module)
            return await module.InvokeAsync<string?>("id") ?? Guid.NewGuid().ToString("N");
    }
}
