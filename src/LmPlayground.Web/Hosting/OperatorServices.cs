using LmPlayground.Demos;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Operating;
using LmPlayground.Web.Sharing;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Hosting;

/// <summary>What a command needs of the server to look after its demos: the same options, from the same places, and nothing else.</summary>
internal static class OperatorServices
{
    /// <summary>Reads the options.</summary>
    /// <exception cref="StartException">One of them is wrong.</exception>
    internal static ServiceProvider Create()
    {
        ServiceProvider? provider = null;
        try
        {
            IConfiguration configuration = PlaygroundHost.CreateBuilder().Configuration;
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSingleton(configuration);
            services.AddSingleton(TimeProvider.System);
            services.AddChecked<DataOptions, DataOptionsValidation>(configuration, DataOptions.Section);
            services.AddChecked<DemoStoreOptions, DemoStoreOptionsValidation>(configuration, DemoStoreOptions.Section);
            services.AddSingleton<DemoPlace>();
            services.AddSingleton<DemoOperator>();
            provider = services.BuildServiceProvider();
            provider.GetRequiredService<IStartupValidator>().Validate();
            return provider;
        }
        catch (Exception exception) when (StartFaults.Explain(exception) is { } fault)
        {
            provider?.Dispose();
            throw new StartException(fault);
        }
    }
}
