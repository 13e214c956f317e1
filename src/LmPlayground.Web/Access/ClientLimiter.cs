using System.Globalization;
using System.Threading.RateLimiting;
using LmPlayground.Web.Configuration;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Access;

/// <summary>
/// The one place that decides whether a client has taken its share of the server. Only turns at models are shared out elsewhere: those who wait
/// for one are not refused but queue. Thread-safe.
/// </summary>
internal sealed class ClientLimiter : IDisposable
{
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);

    /// <summary>Who has the key mistypes it a few times; who has not would need ages.</summary>
    private const int KeyBurst = 10;

    private readonly Dictionary<ClientAct, (PartitionedRateLimiter<string> Limiter, TimeSpan RetryAfter, string Refusal)> _acts;

    /// <summary>A limiter with nothing taken.</summary>
    public ClientLimiter(IOptions<LimitOptions> options)
    {
        var limits = options.Value;
        _acts = new()
        {
            [ClientAct.AskForPage] = (
                PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetTokenBucketLimiter(client, _ => Burst(limits.PageBurstPerClient))),
                Refill,
                "Too many pages were asked for from your network address in a short time. Wait a moment, then reload."),
            [ClientAct.StoreDemo] = (
                PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetTokenBucketLimiter(client, _ => Burst(limits.DemoBurstPerClient))),
                Refill,
                "Too many links were made from your network address in a short time. Wait a moment, then try again."),
            [ClientAct.ReportDemo] = (
                PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetTokenBucketLimiter(client, _ => Burst(limits.ReportBurstPerClient))),
                Refill,
                "Too many reports came from your network address in a short time. Those before this one are kept. Wait a moment, then try again."),
            [ClientAct.GiveKey] = (
                PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetTokenBucketLimiter(client, _ => Burst(KeyBurst))),
                Refill,
                "The administrator's key was given too often from your network address in a short time. Wait a moment, then try again."),
            [ClientAct.HavePageOpen] = (
                PartitionedRateLimiter.CreateChained(
                    PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetConcurrencyLimiter(client, _ => AtOnce(limits.OpenPagesPerClient))),
                    PartitionedRateLimiter.Create<string, string>(_ => RateLimitPartition.GetConcurrencyLimiter("", _ => AtOnce(limits.OpenPages)))),
                TimeSpan.FromSeconds(30),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"This server has as many pages open as it allows: {limits.OpenPagesPerClient:#,0} from one network address, {limits.OpenPages:#,0} in all. Close one, or try again in a minute.")),
        };
    }

    /// <summary>Takes a share for an act, until the lease is disposed; the lease says whether there was one left.</summary>
    internal RateLimitLease Acquire(ClientAct act, string client) => _acts[act].Limiter.AttemptAcquire(client);

    /// <summary>What a person reads whose act was refused, and when to try again.</summary>
    internal (string Words, TimeSpan RetryAfter) Refusal(ClientAct act) => (_acts[act].Refusal, _acts[act].RetryAfter);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var act in _acts.Values)
            act.Limiter.Dispose();
    }

    private static ConcurrencyLimiterOptions AtOnce(int count) => new() { PermitLimit = count, QueueLimit = 0 };

    private static TokenBucketRateLimiterOptions Burst(int count) => new()
    {
        TokenLimit = count,
        TokensPerPeriod = Math.Max(1, count / 10),
        ReplenishmentPeriod = Refill,
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
