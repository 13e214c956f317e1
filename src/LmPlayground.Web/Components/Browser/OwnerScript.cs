using LmPlayground.Demos;
using LmPlayground.Sharing;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LmPlayground.Web.Components.Browser;

/// <summary>The browser's secret, which makes it the owner of its links, its encryption, and its clipboard. One for each circuit.</summary>
/// <param name="script">The browser's scripts.</param>
internal sealed class OwnerScript(IJSRuntime script) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>The browser's secret.</summary>
    /// <param name="makes">Whether one is made where there is none.</param>
    /// <returns>The secret; null where there is none, or where the browser keeps something else in its place.</returns>
    internal async Task<OwnerSecret?> ReadAsync(bool makes) =>
        OwnerSecret.TryParse(await (await ModuleAsync()).InvokeAsync<string?>("owner", makes), out var secret) ? secret : null;

    /// <summary>Takes the secret that an edit link has carried here.</summary>
    /// <returns>Whether the address had one.</returns>
    internal async Task<bool> TakeOverAsync() => await (await ModuleAsync()).InvokeAsync<bool>("takeOver");

    /// <summary>Marks the text of a box and copies it.</summary>
    /// <returns>Whether it is in the clipboard; if not, it is only marked.</returns>
    internal async Task<bool> CopyAsync(ElementReference box) => await (await ModuleAsync()).InvokeAsync<bool>("copy", box);

    /// <summary>Whether the browser can encrypt: it does on secure pages only.</summary>
    internal async Task<bool> CanEncryptAsync() => await (await ModuleAsync()).InvokeAsync<bool>("canSeal");

    /// <summary>Lets the browser encrypt a document, with a key that it keeps.</summary>
    internal async Task<byte[]> EncryptAsync(byte[] document, CancellationToken cancellationToken)
    {
        using var source = new DotNetStreamReference(new MemoryStream(document, writable: false));
        await using var encrypted = await (await ModuleAsync()).InvokeAsync<IJSStreamReference>("encrypt", cancellationToken, source);
        await using var stream = await encrypted.OpenReadStreamAsync(DemoLimits.Bytes, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Adds the key of what was encrypted last to a link in the page: it is in the browser alone.</summary>
    internal async Task AddKeyAsync(ElementReference element) => await (await ModuleAsync()).InvokeVoidAsync("addKey", element);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone and the module with it.
        }
    }

    private async Task<IJSObjectReference> ModuleAsync() => _module ??= await script.InvokeAsync<IJSObjectReference>("import", "./js/share.js");
}
