using LmPlayground.Web.Texts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>The page's own words, for what is tested without a host.</summary>
internal static class Words
{
    private static readonly ServiceProvider Host = new ServiceCollection().AddLogging().AddTexts().BuildServiceProvider();

    internal static PageWords Page => Host.GetRequiredService<PageWords>();

    internal static IStringLocalizer<TArea> Of<TArea>() => Host.GetRequiredService<IStringLocalizer<TArea>>();
}
