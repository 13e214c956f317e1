using LmPlayground.Demos;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;
using LmPlayground.Runs.Jobs;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Making;
using LmPlayground.Sharing.Replaying;
using LmPlayground.Tokenizers;
using LmPlayground.Web.Access;
using LmPlayground.Web.Components;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Configuration;
using LmPlayground.Web.Downloads;
using LmPlayground.Web.Operating;
using LmPlayground.Web.Sharing;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using LmPlayground.Web.Viewing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Hosting;

/// <summary>The composition root of the server.</summary>
internal static class PlaygroundHost
{
    /// <summary>Serves the playground until it is told to stop.</summary>
    /// <param name="modelFolders">Folders of further models.</param>
    /// <param name="urls">The addresses to listen on, or null for the configured ones.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    /// <exception cref="StartException">The server cannot start as it was asked to.</exception>
    internal static async Task RunAsync(IReadOnlyList<string> modelFolders, string? urls, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = await StartAsync(modelFolders, urls, cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // It was told to stop while it started, or while it stopped: an ordinary end.
        }
    }

    /// <summary>Builds the server and lets it listen. What keeps it from that is told in one line.</summary>
    /// <exception cref="StartException">An option is wrong.</exception>
    private static async Task<WebApplication> StartAsync(IReadOnlyList<string> modelFolders, string? urls, CancellationToken cancellationToken)
    {
        WebApplication? app = null;
        try
        {
            app = Build(modelFolders, urls);
            await app.StartAsync(cancellationToken);
            HostNotice.Say(app);
            return app;
        }
        catch (Exception exception)
        {
            // Models that are being read must have come to rest before the process ends, native libraries and all.
            if (app is not null)
                await app.DisposeAsync();
            if (exception is not (OperationCanceledException or ModelLoadException) && StartFaults.Explain(exception) is { } fault)
                throw new StartException(fault);
            throw;
        }
    }

    private const string ReloadAssets = "ReloadStaticAssetsAtRuntime";

    /// <summary>What the server is made with: its configuration lies beside the program, and in the environment.</summary>
    internal static WebApplicationBuilder CreateBuilder() => WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });

    private static WebApplication Build(IReadOnlyList<string> modelFolders, string? urls)
    {
        var builder = CreateBuilder();
        if (ListenAddresses.Faults(builder.Configuration, urls).ToArray() is { Length: > 0 } faults)
            throw new StartException($"The server cannot listen: {string.Join("; ", faults)}.");
        if (urls is not null)
            builder.WebHost.UseUrls(urls.Split(';'));

        // Without a publish the files that browsers load lie in the packages and in the repository; the manifest of the build knows where.
        builder.WebHost.UseStaticWebAssets();

        // Of a build's files ASP.NET would answer with the newest state, uncompressed and to be asked for each time: only who edits them wants that.
        if (!builder.Environment.IsDevelopment())
            builder.Configuration[ReloadAssets] ??= "false";
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = AddressGuard.LongestLine;
        });

        // A start that fails is told in one line, not in the stack traces that host and server would log before it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is >= LogLevel.Warning and not LogLevel.Critical);
        builder.Services.AddPlayground(builder.Configuration, modelFolders);
        var app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        _ = app.Services.GetRequiredService<HubClient>();
        return app.UsePlayground();
    }

    /// <summary>How requests are answered.</summary>
    internal static WebApplication UsePlayground(this WebApplication app)
    {
        app.UsePageSecurity();
        var proxy = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value;
        if (proxy.IsConfigured)
            app.UseForwardedHeaders(proxy.ToForwardedHeaders());
        var guard = new HostGuard(app.Services.GetRequiredService<HostRules>());
        app.Use((context, next) => guard.InvokeAsync(context, next));
        app.Use(AddressGuard.InvokeAsync);
        var limits = new LimitGuard(app.Services.GetRequiredService<ClientLimiter>(), app.Services.GetRequiredService<Arrivals>());
        app.Use((context, next) => limits.InvokeAsync(context, next));
        app.UseTexts();
        app.MapHealthChecks(HostGuard.HealthPath);
        app.MapDemos();
        app.MapGallery();
        app.MapPlaygroundPage();
        return app;
    }

    /// <summary>Every service of the playground.</summary>
    internal static IServiceCollection AddPlayground(
        this IServiceCollection services, IConfiguration configuration, IReadOnlyList<string> modelFolders)
    {
        services.AddChecked<JobOptions, JobOptionsValidation>(configuration, JobOptions.Section);
        services.AddChecked<PlanningOptions, PlanningOptionsValidation>(configuration, JobOptions.Section);
        services.AddChecked<GenerationOptions, GenerationOptionsValidation>(configuration, GenerationOptions.Section);
        services.AddChecked<ModelOptions, ModelOptionsValidation>(configuration, ModelOptions.Section)
            .Configure(options =>
            {
                foreach (var folder in modelFolders)
                    options.Directories.Add(folder);
            });
        services.AddChecked<DownloadOptions, DownloadOptionsValidation>(configuration, DownloadOptions.Section);
        services.AddAccess(configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(CreateCatalog);
        services.AddSingleton<IModelList>(provider => provider.GetRequiredService<ModelCatalog>());
        services.AddSingleton<IModelLoader>(provider => provider.GetRequiredService<ModelCatalog>());
        services.AddSingleton<ITokenizerList, TokenizerList>();
        services.AddSingleton(provider => new GenerationEngine(
            provider.GetRequiredService<IOptions<GenerationOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(CreateJobs);
        services.AddSingleton(CreateWork);
        services.AddScoped<IRunManager>(provider => new RunManager(
            provider.GetRequiredService<JobManager>(), provider.GetRequiredService<WorkServices>(), () => provider.GetRequiredService<Visitor>().Client));
        services.AddHostedService<JobDrain>();
        services.AddHub(provider => provider.GetRequiredService<IOptions<DownloadOptions>>().Value.ToHub());
        services.AddScoped<IDownloads, DownloadJobs>();
        services.AddSharing(configuration);
        services.AddHealthChecks();
        services.AddChecked<DemoOptions, DemoOptionsValidation>(configuration, DemoOptions.Section);
        services.AddSingleton<StoredDemos>();
        services.TryAddSingleton<IDemoSource, AllDemos>();
        services.AddSingleton<OpenerRules>();
        services.AddSingleton<IDemoOpener, DemoOpener>();
        services.AddSingleton<DemoRenderings>();
        services.AddSingleton<GalleryPages>();

        services.AddHostedService<ModelWarmup>();
        services.AddHostedService<DemoWarmup>();
        services.AddPlaygroundPage();
        return services;
    }

    /// <summary>Shared demos: who makes them, and where they are kept.</summary>
    private static void AddSharing(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<DemoStoreOptions, DemoStoreOptionsValidation>(configuration, DemoStoreOptions.Section);
        services.AddSingleton<DemoPlace>();
        services.AddSingleton<DemoShelf>();
        services.AddHostedService(provider => provider.GetRequiredService<DemoShelf>());
        services.AddHostedService<OperatorDoor>();
        services.AddSingleton<DemoMaker>();
        services.AddSingleton<RecordedDemos>();
        services.AddScoped<DemoSharer>();
        services.AddSingleton<DemoReplay>();
        services.AddScoped<IReplayManager>(provider => new ReplayManager(
            provider.GetRequiredService<JobManager>(), provider.GetRequiredService<DemoReplay>(), () => provider.GetRequiredService<Visitor>().Client));
    }

    /// <summary>Who may ask for what, and where the keys lie that the answers are protected with.</summary>
    private static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<DataOptions, DataOptionsValidation>(configuration, DataOptions.Section);
        services.AddChecked<ProxyOptions, ProxyOptionsValidation>(configuration, ProxyOptions.Section);
        services.AddSingleton(new HostRules(configuration));
        services.AddScoped<Visitor>();
        services.AddScoped<VisitorPolicy>();
        services.AddChecked<LimitOptions, LimitOptionsValidation>(configuration, LimitOptions.Section);
        services.AddSingleton<ClientLimiter>();
        services.AddSingleton<Arrivals>();
        services.AddSingleton<AdminKey>();
        services.AddSingleton<DataFolder>();
        services.AddDataProtection().SetApplicationName("LmPlayground");
        services.AddOptions<KeyManagementOptions>().Configure<DataFolder>((keys, data) => keys.XmlRepository = new KeyFiles(data));

        // The framework's own filter of hosts knows neither the default nor the exemption: HostGuard stands in its place.
        services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["*"]);
        return services;
    }

    private static JobManager CreateJobs(IServiceProvider provider)
    {
        // Not when the options are made: a fault of the one section would hide those of the other.
        var options = provider.GetRequiredService<IOptions<JobOptions>>().Value;
        options.MaxConcurrentDownloads = provider.GetRequiredService<IOptions<DownloadOptions>>().Value.MaxConcurrent;
        var jobs = new JobManager(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<JobManager>>());
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
        places.SpinInRuns = options.SpinInRuns;
        places.MemoryLimit = options.EffectiveMemoryLimit;
        var catalog = new ModelCatalog(places, provider.GetRequiredService<ILogger<ModelCatalog>>());
        var engine = provider.GetRequiredService<GenerationEngine>();
        catalog.Unloading += (_, unloading) => engine.Forget(unloading.Model);
        return catalog;
    }

    /// <summary>Options of a section, which are checked at the start.</summary>
    internal static OptionsBuilder<TOptions> AddChecked<TOptions, TValidation>(
        this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
        where TValidation : class, IValidateOptions<TOptions>
    {
        var values = new SectionValues<TOptions>(configuration.GetSection(section));
        services.AddSingleton<IValidateOptions<TOptions>>(values);
        services.AddSingleton<IValidateOptions<TOptions>, TValidation>();
        return services.AddOptions<TOptions>().Configure(values.Bind).ValidateOnStart();
    }
}
