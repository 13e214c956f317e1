using System.Globalization;
using LmPlayground.Web.Access;
using LmPlayground.Web.Configuration;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Components;

/// <summary>The document around the interactive page: rendered once, on the server.</summary>
public partial class App
{
    private static readonly string[] StyleSheets = ["palette", "base", "controls", "shell", "text", "token", "sampler", "columns", "layout", "models", "forced"];

    private Dictionary<string, object> _nonce = [];
    private bool _isAtThisMachine;
    private string _client = "";

    [Inject]
    private IOptions<ProxyOptions> Proxy { get; set; } = null!;

    [CascadingParameter]
    private HttpContext? HttpContext { get; set; }

    /// <summary>The theme that the visitor chose, known before the first paint; without a choice the style sheet follows the system.</summary>
    /// <summary>The language of the texts; English is what they have without one.</summary>
    private static string Language => CultureInfo.CurrentUICulture.Name is { Length: > 0 } name ? name : "en";

    private string? Theme => HttpContext?.Request.Cookies["theme"] is "dark" or "light" ? HttpContext.Request.Cookies["theme"] : null;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (HttpContext is null)
            return;
        _nonce = new() { ["nonce"] = PageSecurity.Nonce(HttpContext) };
        _client = ClientName.Of(HttpContext);
        _isAtThisMachine = Visitor.AsksFromThisMachine(HttpContext, Proxy.Value);
    }
}
