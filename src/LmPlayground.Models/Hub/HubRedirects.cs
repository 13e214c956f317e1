using System.Net;
using System.Net.Http.Headers;

namespace LmPlayground.Models.Hub;

/// <summary>Follows redirects, a few and never to less encryption, and shows the token to the hub alone.</summary>
/// <remarks>The handler below must not follow redirects itself: it would not know whom the token is for.</remarks>
internal sealed class HubRedirects(HubOptions options) : DelegatingHandler
{
    private const int MostRedirects = 5;

    /// <exception cref="HubException">A redirect leads nowhere that may be followed.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        for (var redirects = 0; ; redirects++)
        {
            using var hop = Copy(request, address);
            if (options.Token is not null && IsTheHub(address))
                hop.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
            var response = await base.SendAsync(hop, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
                return response;

            response.Dispose();
            if (redirects >= MostRedirects)
                throw new HubException($"{options.Endpoint.Host} redirects more than {MostRedirects} times.");
            if (!Uri.TryCreate(address, location, out var next) || next.Scheme is not ("http" or "https"))
                throw new HubException($"{options.Endpoint.Host} redirects to what is no address of the web.");
            if (options.Endpoint.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                throw new HubException($"{options.Endpoint.Host} redirects to {next.Scheme}://{next.Host}, which is not encrypted.");
            address = next;
        }
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request, Uri address)
    {
        var hop = new HttpRequestMessage(request.Method, address);
        foreach (var (name, values) in request.Headers)
            hop.Headers.TryAddWithoutValidation(name, values);
        return hop;
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private bool IsTheHub(Uri address) =>
        address.Scheme == options.Endpoint.Scheme && address.Host == options.Endpoint.Host && address.Port == options.Endpoint.Port;
}
