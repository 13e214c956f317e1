using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.State;
using LmPlayground.Web.Texts;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;

namespace LmPlayground.Web.Components;

/// <summary>All that the page needs of the host.</summary>
public static class PageServices
{
    /// <summary>The largest message from a browser, in bytes. The framework's 32 kB would end the circuit on a long prompt.</summary>
    private const int LargestMessage = 1 << 20;

    /// <summary>Adds the page's services. The host adds <see cref="LmPlayground.Runs.Work.IRunManager"/> and <see cref="Models.Catalog.IModelList"/>.</summary>
    public static IServiceCollection AddPlaygroundPage(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        services.Configure<CircuitOptions>(circuit => circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3));
        services.AddSingleton<DemoBeginnings>();
        services.AddScoped<Presence>();
        services.AddScoped<BrowserTab>();
        services.AddScoped<OwnerScript>();
        services.AddScoped<CircuitHandler, PresenceHandler>();
        services.AddMudServices(options =>
        {
            // What opens is there at once. What is told stands over the status line, where no control is (controls.css).
            options.PopoverOptions.Duration = TimeSpan.Zero;
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomLeft;
            options.SnackbarConfiguration.SnackbarVariant = Variant.Outlined;
            options.SnackbarConfiguration.HideIcon = true;
            options.SnackbarConfiguration.ShowCloseIcon = true;
            options.SnackbarConfiguration.VisibleStateDuration = 8000;
            options.SnackbarConfiguration.ShowTransitionDuration = options.SnackbarConfiguration.HideTransitionDuration = 160;
            options.SnackbarConfiguration.MaximumOpacity = 100;
        });
        services.AddTexts();

        // It would send an X-Frame-Options of its own, which does not know what PageSecurity says of frames.
        services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true);
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }

    /// <summary>Gives every answer the security headers, whoever makes it: to be used before all that may answer.</summary>
    public static WebApplication UsePageSecurity(this WebApplication app)
    {
        app.UseExceptionHandler(failed => failed.Run(PageSecurity.FailAsync));
        app.Use((context, next) => PageSecurity.InvokeAsync(context, next));
        return app;
    }

    /// <summary>Maps the page with its files and its socket.</summary>
    public static WebApplication MapPlaygroundPage(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAntiforgery();
        app.MapStaticAssets();
        // The framework's own frame-ancestors header is off: PageSecurity sends a stricter one.
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null)
            .Add(AllowHead);
        return app;
    }

    /// <summary>Who may GET a page may ask for its headers alone: proxies and link checkers do. The framework's pages know GET and POST.</summary>
    private static void AllowHead(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<ComponentTypeMetadata>().Any() && endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods)
            endpoint.Metadata.Add(new HttpMethodMetadata(methods.HttpMethods.Append(HttpMethods.Head)));
    }
}
