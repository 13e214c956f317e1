using System.Globalization;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Web.Tests.State;

/// <summary>A page has the language of its reader, whoever calls it.</summary>
public sealed class PageLanguageTests : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    public void Dispose() => CultureInfo.CurrentUICulture = _before;

    [Fact]
    public async Task What_comes_from_elsewhere_is_brought_to_the_pages_language()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-Hans");
        var thread = new PageThread(act => act(), () => { }, NullLogger.Instance, Words.Page);
        string? seen = null;
        await Task.Run(
            () =>
            {
                CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr");
                return thread.InvokeAsync(() => Task.FromResult(seen = CultureInfo.CurrentUICulture.Name));
            },
            TestContext.Current.CancellationToken);

        Assert.Equal("zh-Hans", seen);
    }
}
