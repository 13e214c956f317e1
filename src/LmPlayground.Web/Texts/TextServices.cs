using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace LmPlayground.Web.Texts;

/// <summary>The languages of the page: English, and every other whose resources were built beside it.</summary>
internal static class TextServices
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>Adds the texts.</summary>
    internal static IServiceCollection AddTexts(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddSingleton<LibraryWords>();
        services.AddSingleton<PageWords>();
        return services;
    }

    /// <summary>Lets each request have the language that its cookie or its browser asks for. Numbers are written the same way in all of them.</summary>
    internal static IApplicationBuilder UseTexts(this IApplicationBuilder app) => app.UseRequestLocalization(new RequestLocalizationOptions
    {
        DefaultRequestCulture = new RequestCulture(CultureInfo.InvariantCulture, English),
        SupportedCultures = [CultureInfo.InvariantCulture],
        SupportedUICultures = [English, .. Translations()],
    });

    /// <summary>The languages other than English that there are resources for.</summary>
    private static IEnumerable<CultureInfo> Translations()
    {
        var assembly = typeof(TextServices).Assembly;
        return Directory.EnumerateFiles(AppContext.BaseDirectory, $"{assembly.GetName().Name}.resources.dll", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(file => CultureInfo.GetCultureInfo(Path.GetFileName(Path.GetDirectoryName(file)!)));
    }
}
