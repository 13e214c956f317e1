using LmPlayground.Runs.Work;
using LmPlayground.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LmPlayground.Benchmarks.Demos;

/// <summary>
/// The server in this process, with real sockets, and a run of an embedded model that never ends in the same process. That the requests come from
/// it too makes it slower than it would be.
/// </summary>
internal sealed class LoadedServer : IAsyncDisposable
{
    private const int TokensInRun = 400;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private Task _generating = Task.CompletedTask;
    private long _tokens;

    private LoadedServer(WebApplication app) => _app = app;

    /// <summary>Its address.</summary>
    internal Uri Address => new(_app.Urls.Single());

    /// <summary>How many tokens were generated.</summary>
    internal long Tokens => Interlocked.Read(ref _tokens);

    internal static async Task<LoadedServer> StartAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "LmPlayground.Web",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = "Production",
        });
        builder.Configuration["Data:Directory"] = dataFolder;
        builder.Configuration["ConnectionStrings:Demos"] = "";
        builder.Configuration["Limits:PageBurstPerClient"] = "1000000";
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPlayground(builder.Configuration, []);
        var app = builder.Build();
        app.UsePlayground();
        await app.StartAsync(cancellationToken);
        return new LoadedServer(app);
    }

    /// <summary>Begins to generate, and goes on until the server ends.</summary>
    internal void Generate(string model)
    {
        _generating = Task.Run(async () =>
        {
            using var scope = _app.Services.CreateScope();
            var runs = scope.ServiceProvider.GetRequiredService<IRunManager>();
            for (var seed = 1UL; !_stop.IsCancellationRequested; seed++)
            {
                var run = runs.StartRun("benchmark", DemoStock.Request(model, TokensInRun, seed));
                var seen = 0;
                using var watching = run.Job.Subscribe(() =>
                {
                    var count = run.Job.Snapshot.Detail.Steps.Count;
                    Interlocked.Add(ref _tokens, count - Interlocked.Exchange(ref seen, count));
                });
                await run.Job.Completion.WaitAsync(_stop.Token);
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _generating.ContinueWith(_ => { }, TaskScheduler.Default);
        await _app.DisposeAsync();
        _stop.Dispose();
    }
}
