using LmPlayground.Runs.Settings.Formats;

namespace LmPlayground.Web.Access;

/// <summary>Refuses requests under names that the server does not answer to, and those that pages of another origin make.</summary>
/// <param name="rules">The names.</param>
internal sealed class HostGuard(HostRules rules)
{
    /// <summary>What asks whether the server is well need not know its names.</summary>
    internal const string HealthPath = "/healthz";

    /// <summary>What to do about a name that is refused.</summary>
    internal static string Advice =>
        $"Set {HostRules.Option} to the names that the server is to answer to, with semicolons between them (environment variable {HostRules.Option}).";

    internal Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Path == HealthPath)
            return next(context);
        if (!rules.Allow(request.Host.Host))
            return Refusal.WriteAsync(context, StatusCodes.Status400BadRequest, $"This server does not answer to the name '{Quoted.Text(request.Host.Host)}'. {Advice}");
        return IsForeign(request)
            ? Refusal.WriteAsync(context, StatusCodes.Status403Forbidden, "This request comes from a page of another origin, which this server does not serve.")
            : next(context);
    }

    /// <summary>
    /// Whether a browser says that a page of another origin asks. Programs send no Origin; a browser sends it with every socket and every
    /// post, "null" where it hides the page.
    /// </summary>
    private bool IsForeign(HttpRequest request)
    {
        if (request.Headers.Origin is not { Count: > 0 } origins)
            return false;
        if (origins.Count > 1 || !Uri.TryCreate(origins[0], UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https"))
            return true;
        var isBare = origin.UserInfo.Length == 0 && origin.PathAndQuery == "/" && origin.Fragment.Length == 0;
        return !isBare || !rules.Allow(origin.Host) || !IsOwn(request, origin);
    }

    /// <summary>Whether an origin has the request's own name and port. A proxy may speak https where this server speaks http, and never the reverse.</summary>
    private static bool IsOwn(HttpRequest request, Uri origin) =>
        (origin.Scheme == Uri.UriSchemeHttps || !request.IsHttps)
        && Uri.TryCreate($"{origin.Scheme}://{request.Host}", UriKind.Absolute, out var own)
        && string.Equals(own.IdnHost, origin.IdnHost, StringComparison.OrdinalIgnoreCase) && own.Port == origin.Port;
}
