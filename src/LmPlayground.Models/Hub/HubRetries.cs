using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Polly;
using Polly.Timeout;

namespace LmPlayground.Models.Hub;

/// <summary>Which failures of a request may pass, and how long to wait before it is made again. All requests to a hub are GETs.</summary>
internal sealed class HubRetries(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>1, 2, 4 ... 64 seconds.</summary>
    public static TimeSpan Backoff(int attempt) => FirstPause * Math.Pow(2, Math.Min(attempt - 1, 6));

    /// <summary>Whether another try may help, and the hub does not ask for more patience than anybody has.</summary>
    public bool MayPass(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => true,
        { Exception: HttpRequestException e } =>
            e.InnerException is not SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NetworkUnreachable },
        { Result: { } response } => MayPass(response.StatusCode) && (Asked(response.Headers.RetryAfter) ?? TimeSpan.Zero) <= LongestPause,
        _ => false,
    };

    /// <summary>What the hub asks for, or else more after each try.</summary>
    public TimeSpan Pause(Outcome<HttpResponseMessage> outcome, int attempt) => Asked(outcome.Result?.Headers.RetryAfter) ?? Backoff(attempt);

    private static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    private TimeSpan? Asked(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - Time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };
}
