using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;
using LmPlayground.Runs;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Web.Cli;
using LmPlayground.Web.Components;
using LmPlayground.Web.Downloads;
using LmPlayground.Web.State;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Hosting;

/// <summary>The composition root of the server.</summary>
internal static class PlaygroundHost
{
    /// <summary>Serves the playground until it is told to stop.</summary>
    /// <param name="modelFolders">Folders of further models.</param>
    /// <param name="urls">The addresses to listen on, or null for the configured ones.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(IReadOnlyList<string> modelFolders, string? urls, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        if (urls is not null)
            builder.WebHost.UseUrls(urls.Split(';'));

        // Without a publish the files that browsers load lie in the packages and in the repository; the manifest of the build knows where.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddPlayground(builder.Configuration, modelFolders);
        await using var app = builder.Build();
        Validate(app.Services.GetRequiredService<IStartupValidator>());
        app.MapHealthChecks("/healthz");
        app.MapPlaygroundPage();
        await app.RunAsync(cancellationToken);
        return ExitCodes.Success;
    }

    /// <summary>Checks every option before anything is built from one, so that all faults are told at once.</summary>
    private static void Validate(IStartupValidator validator)
    {
        try
        {
            validator.Validate();
        }
        catch (Exception exception) when (FaultsOf(exception) is { Length: > 0 } faults)
        {
            throw new CommandLineException($"The configuration is wrong: {string.Join("; ", faults)}.");
        }
    }

    private static string[] FaultsOf(Exception exception) => exception switch
    {
        OptionsValidationException one => [.. one.Failures],
        AggregateException several => [.. several.InnerExceptions.SelectMany(FaultsOf)],
        _ => [],
    };

    /// <summary>Every service of the playground.</summary>
    internal static IServiceCollection AddPlayground(
        this IServiceCollection services, IConfiguration configuration, IReadOnlyList<string> modelFolders)
    {
        services.AddChecked<JobOptions, JobOptionsValidation>(configuration, JobOptions.Section)
            .PostConfigure<IOptions<DownloadOptions>>((options, downloads) => options.MaxConcurrentDownloads = downloads.Value.MaxConcurrent);
        services.AddChecked<PlanningOptions, PlanningOptionsValidation>(configuration, JobOptions.Section);
        services.AddChecked<GenerationOptions, GenerationOptionsValidation>(configuration, GenerationOptions.Section);
        services.AddChecked<ModelOptions, ModelOptionsValidation>(configuration, ModelOptions.Section)
            .Configure(options =>
            {
                foreach (var folder in modelFolders)
                    options.Directories.Add(folder);
            });
        services.AddChecked<DownloadOptions, DownloadOptionsValidation>(configuration, DownloadOptions.Section);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(CreateCatalog);
        services.AddSingleton<IModelList>(provider => provider.GetRequiredService<ModelCatalog>());
        services.AddSingleton<IModelLoader>(provider => provider.GetRequiredService<ModelCatalog>());
        services.AddSingleton<ITokenizerList, TokenizerList>();
        services.AddSingleton(provider => new GenerationEngine(
            provider.GetRequiredService<IOptions<GenerationOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(CreateJobs);
        services.AddSingleton(CreateWork);
        services.AddSingleton<IRunManager, RunManager>();
        services.AddHostedService<JobDrain>();
        services.AddSingleton(provider => new HubClient(HubOptions.FromEnvironment(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DownloadPolicy>();
        services.AddSingleton<IDownloads, DownloadJobs>();
        services.AddHostedService<ModelWarmup>();
        services.AddHealthChecks();
        services.AddPlaygroundPage();
        return services;
    }

    private static JobManager CreateJobs(IServiceProvider provider)
    {
        var jobs = new JobManager(
            provider.GetRequiredService<IOptions<JobOptions>>().Value, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<JobManager>>());
        jobs.Memory.Register(new KeptLogits(provider.GetRequiredService<GenerationEngine>()));
        return jobs;
    }

    private static WorkServices CreateWork(IServiceProvider provider)
    {
        var engine = provider.GetRequiredService<GenerationEngine>();
        var time = provider.GetRequiredService<TimeProvider>();
        var planner = new RunPlanner(engine, provider.GetRequiredService<IOptions<PlanningOptions>>().Value, time);
        return new WorkServices(provider.GetRequiredService<IModelLoader>(), engine, planner, time, provider.GetRequiredService<ILogger<RunManager>>());
    }

    private static ModelCatalog CreateCatalog(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ModelOptions>>().Value;
        var places = EmbeddedModels.With(options.Directories, options.Threads);
        places.MemoryLimit = options.EffectiveMemoryLimit;
        var catalog = new ModelCatalog(places, provider.GetRequiredService<ILogger<ModelCatalog>>());
        var engine = provider.GetRequiredService<GenerationEngine>();
        catalog.Unloading += (_, unloading) => engine.Forget(unloading.Model);
        return catalog;
    }

    private static OptionsBuilder<TOptions> AddChecked<TOptions, TValidation>(
        this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
        where TValidation : class, IValidateOptions<TOptions>
    {
        services.AddSingleton<IValidateOptions<TOptions>, TValidation>();
        return services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateOnStart();
    }
}
