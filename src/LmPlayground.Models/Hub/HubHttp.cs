using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace LmPlayground.Models.Hub;

/// <summary>Requests to a hub: redirects without the token, tries again where that may help, and failures in words.</summary>
/// <remarks>Thread-safe. The client must not follow redirects itself: it would not know whom the token is for.</remarks>
internal sealed class HubHttp(HttpClient client, HubOptions options, TimeProvider time)
{
    private const int MostRedirects = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <summary>Sends a GET until the answer is a success (or 416), and gives the answer with its content still to be read.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="what">What is asked for, for messages: "org/name".</param>
    /// <param name="range">The first byte that is wanted, or 0 for all.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="HubException">It did not work; the message says why.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, string what, long range, CancellationToken cancellationToken)
    {
        if (options.IsOffline)
            throw new HubException("The hub is not asked: HF_HUB_OFFLINE is set.") { IsOffline = true };
        for (var attempt = 1; ; attempt++)
        {
            HubException failure;
            var pause = Backoff(attempt);
            try
            {
                var response = await FollowAsync(address, range, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                    return response;
                using (response)
                {
                    failure = Explain(response.StatusCode, what);
                    if (!MayPass(response.StatusCode))
                        throw failure;
                    pause = Wait(response.Headers.RetryAfter) ?? pause;
                }
            }
            catch (HttpRequestException e)
            {
                failure = Unreachable(e);
                if (e.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NetworkUnreachable })
                    throw failure;
            }

            if (attempt >= options.Tries || pause > LongestPause)
                throw failure;
            await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits before another try.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time, cancellationToken);

    /// <summary>Cancels after the time that a hub may be silent.</summary>
    public CancellationTokenSource LimitSilence() => new(options.Silence, time);

    /// <summary>1, 2, 4 ... seconds.</summary>
    public static TimeSpan Backoff(int attempt) => FirstPause * Math.Pow(2, Math.Min(attempt - 1, 6));

    /// <summary>What is said when nothing answers.</summary>
    public HubException Unreachable(Exception reason) =>
        new($"{options.Endpoint.Host} cannot be reached ({reason.Message}). Models that are on this machine work without it.", reason) { IsOffline = true };

    private async Task<HttpResponseMessage> FollowAsync(Uri address, long range, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("LmPlayground", "1.0"));

            // A compressed answer would have neither the length nor the ranges of the file.
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (range > 0)
                request.Headers.Range = new RangeHeaderValue(range, null);
            if (options.Token is not null && IsTheHub(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
            var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            address = new Uri(address, location);
            if (redirects >= MostRedirects)
                throw new HubException($"{options.Endpoint.Host} redirects more than {MostRedirects} times.");
            var isDowngrade = options.Endpoint.Scheme == Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttps;
            if (isDowngrade || address.Scheme is not ("http" or "https"))
                throw new HubException($"{options.Endpoint.Host} redirects to {address.Scheme}://{address.Host}, which is not encrypted.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = LimitSilence();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer for {options.Silence.TotalSeconds:0} s", e);
        }
    }

    private bool IsTheHub(Uri address) =>
        address.Scheme == options.Endpoint.Scheme && address.Host == options.Endpoint.Host && address.Port == options.Endpoint.Port;

    private TimeSpan? Wait(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };

    private static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    private HubException Explain(HttpStatusCode status, string what)
    {
        var host = options.Endpoint.Host;
        return new HubException(status switch
        {
            HttpStatusCode.Unauthorized when options.Token is null =>
                $"{host} gives {what} to nobody without an account: it is gated, private, or does not exist. Check its name, accept its terms on its page, and set HF_TOKEN.",
            HttpStatusCode.Unauthorized => $"{host} does not know the token in HF_TOKEN. Make a new one in your account's settings there.",
            HttpStatusCode.Forbidden => $"{host} does not give you {what}. Accept its terms at {options.Endpoint}{what}, and use a token (HF_TOKEN) that may read it.",
            HttpStatusCode.NotFound => $"{host} has no {what}. Check the name and the revision.",
            HttpStatusCode.TooManyRequests => $"{host} asks for fewer requests. Wait a few minutes and try again; an account's token (HF_TOKEN) is allowed more.",
            >= HttpStatusCode.InternalServerError => $"{host} has a fault of its own ({(int)status}). Try again later; what has been downloaded is kept.",
            _ => $"{host} answers {(int)status} ({status}) to the request for {what}.",
        });
    }
}
