using LmPlayground.Web.Access;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.State;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LmPlayground.Web.Components;

/// <summary>The root of the interactive page: tells the circuit whose it is.</summary>
public sealed partial class Routes : IDisposable
{
    private Heartbeat? _heartbeat;

    /// <summary>Whether the visitor is at this machine. Rendered by the server and signed by it: the browser brings it back and cannot change it.</summary>
    [Parameter]
    public bool IsAtThisMachine { get; set; }

    /// <summary>Whom the page belongs to: see <see cref="ClientName"/>. Rendered and signed in the same way.</summary>
    [Parameter]
    public string Client { get; set; } = "";

    [Inject]
    private Visitor Visitor { get; set; } = null!;

    [Inject]
    private Presence Presence { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _heartbeat?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized() => (Visitor.IsAtThisMachine, Visitor.Client) = (IsAtThisMachine, Client);

    /// <inheritdoc/>
    protected override Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return Task.CompletedTask;
        _heartbeat = new Heartbeat(Script, Presence, Time);
        return _heartbeat.BeatAsync();
    }
}
