using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace LmPlayground.Models.Hub;

/// <summary>The hub's client among the services of a program.</summary>
public static class HubServices
{
    internal const string Name = "hub";

    /// <summary>Adds <see cref="HubClient"/>: each of its requests has a time limit and is tried again where that may help.</summary>
    /// <param name="services">Where to; a <see cref="TimeProvider"/> in it is the clock.</param>
    /// <param name="options">Which hub, and as whom.</param>
    public static IServiceCollection AddHub(this IServiceCollection services, Func<IServiceProvider, HubOptions> options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => new HubClient(
            provider.GetRequiredService<HubOptions>(), provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<TimeProvider>()));
        var http = services.AddHttpClient(Name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
        http.AddResilienceHandler(Name, static (pipeline, context) =>
        {
            var hub = context.ServiceProvider.GetRequiredService<HubOptions>();
            var retries = new HubRetries(context.ServiceProvider.GetRequiredService<TimeProvider>());
            pipeline.TimeProvider = retries.Time;
            if (hub.Tries > 1)
            {
                pipeline.AddRetry(new HttpRetryStrategyOptions
                {
                    MaxRetryAttempts = hub.Tries - 1,
                    ShouldRetryAfterHeader = false,
                    ShouldHandle = arguments => ValueTask.FromResult(retries.MayPass(arguments.Outcome)),
                    DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(retries.Pause(arguments.Outcome, arguments.AttemptNumber + 1)),
                });
            }

            pipeline.AddTimeout(new HttpTimeoutStrategyOptions { Timeout = hub.Silence });
        });
        http.AddHttpMessageHandler(provider => new HubRedirects(provider.GetRequiredService<HubOptions>()));
        return services;
    }
}
