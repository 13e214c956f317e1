using System.Net;
using System.Net.Http.Headers;
using Polly.Timeout;

namespace LmPlayground.Models.Hub;

/// <summary>Requests to a hub, and their failures in words.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HubHttp(IHttpClientFactory clients, HubOptions options, TimeProvider time)
{
    private const int GreatestAnswer = 32 << 20;

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
        var client = clients.CreateClient(HubServices.Name);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("LmPlayground", "1.0"));

        // A compressed answer would have neither the length nor the ranges of the file.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (range > 0)
            request.Headers.Range = new RangeHeaderValue(range, null);
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            throw Unreachable($"no answer for {options.Silence.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e.Message, e);
        }

        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return response;
        using (response)
            throw Explain(response.StatusCode, what);
    }

    /// <summary>The whole content of a small answer, such as a list.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="what">What is asked for, for messages: "org/name".</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="HubException">It did not work, is too long, or does not end; the message says so.</exception>
    public async Task<byte[]> ReadAsync(Uri address, string what, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(address, what, 0, cancellationToken).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(options.AnswerTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await response.Content.LoadIntoBufferAsync(GreatestAnswer, either.Token).ConfigureAwait(false);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"its answer did not end within {options.AnswerTime.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new HubException($"{options.Endpoint.Host} answers with more than {GreatestAnswer >> 20} MB. Is HF_ENDPOINT a hub?", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(e.Message, e);
        }
    }

    /// <summary>Waits before another try.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time, cancellationToken);

    /// <summary>Cancels after the time that a hub may be silent.</summary>
    public CancellationTokenSource LimitSilence() => new(options.Silence, time);

    /// <summary>What is said when nothing answers.</summary>
    private HubException Unreachable(string reason, Exception inner) =>
        new($"{options.Endpoint.Host} cannot be reached ({reason}). Models that are on this machine work without it.", inner) { IsOffline = true };

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
