using System.Globalization;
using Microsoft.AspNetCore.Components.Endpoints;

namespace LmPlayground.Web.Access;

/// <summary>Refuses pages, and the sockets that keep them alive, to clients that have taken their share: 429 and when to try again.</summary>
/// <param name="limiter">Who has taken what.</param>
/// <param name="arrivals">Learns of each page that is handed out.</param>
internal sealed class LimitGuard(ClientLimiter limiter, Arrivals arrivals)
{
    private const string Socket = "/_blazor";
    private const string Negotiation = Socket + "/negotiate";

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var client = ClientName.Of(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            // A page without a socket would be a dead one: better said at once.
            if (await TryAsync(context, ClientAct.AskForPage, client) && await TryAsync(context, ClientAct.HavePageOpen, client))
            {
                arrivals.Serve(client);
                await next(context);
            }
        }
        else if (context.GetEndpoint()?.Metadata.GetMetadata<LimitedAttribute>() is { } limited)
        {
            if (await TryAsync(context, limited.Act, client))
                await next(context);
        }
        else if (context.Request.Path == Negotiation)
        {
            if (await TryAsync(context, ClientAct.HavePageOpen, client))
                await next(context);
        }
        else if (context.Request.Path == Socket && HttpMethods.IsGet(context.Request.Method))
        {
            // The request lasts as long as the connection.
            using var lease = limiter.Acquire(ClientAct.HavePageOpen, client);
            await (lease.IsAcquired ? next(context) : RefuseAsync(context, ClientAct.HavePageOpen));
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>Whether there is a share left, which is given back at once; else the request is refused.</summary>
    private async Task<bool> TryAsync(HttpContext context, ClientAct act, string client)
    {
        using var lease = limiter.Acquire(act, client);
        if (!lease.IsAcquired)
            await RefuseAsync(context, act);
        return lease.IsAcquired;
    }

    private Task RefuseAsync(HttpContext context, ClientAct act)
    {
        var (words, retryAfter) = limiter.Refusal(act);
        context.Response.Headers.RetryAfter = retryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return Refusal.WriteAsync(context, StatusCodes.Status429TooManyRequests, words);
    }
}
