using LmPlayground.Web.Texts;
using Microsoft.Extensions.DependencyInjection;

namespace LmPlayground.Web.Tests.Fakes;

/// <summary>The page's own words, for models of pages without a host.</summary>
internal static class Words
{
    internal static PageWords Page { get; } = new ServiceCollection().AddLogging().AddTexts().BuildServiceProvider().GetRequiredService<PageWords>();
}
