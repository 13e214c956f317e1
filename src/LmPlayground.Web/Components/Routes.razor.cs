using LmPlayground.Web.Access;
using Microsoft.AspNetCore.Components;

namespace LmPlayground.Web.Components;

/// <summary>The root of the interactive page: tells the circuit whose it is.</summary>
public partial class Routes
{
    /// <summary>Whether the visitor is at this machine. Rendered by the server and signed by it: the browser brings it back and cannot change it.</summary>
    [Parameter]
    public bool IsAtThisMachine { get; set; }

    [Inject]
    private Visitor Visitor { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Visitor.IsAtThisMachine = IsAtThisMachine;
}
