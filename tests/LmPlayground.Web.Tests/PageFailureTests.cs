using Bunit;
using LmPlayground.Web.Components.Layout;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LmPlayground.Web.Tests;

/// <summary>A page that throws: its place says so, the rest of the layout stays, and the page can be shown again.</summary>
public sealed class PageFailureTests : PageTest
{
    private bool _fails = true;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_page_that_throws_while_it_is_drawn_says_so_and_is_shown_again_by_a_button(int parts)
    {
        var layout = Open(parts);
        Assert.Contains("could not be shown", layout.Part("page-failed").TextContent, StringComparison.Ordinal);
        Assert.NotNull(layout.Find("nav.pages"));

        layout.Part("show-again").Click();
        Assert.Contains("could not be shown", layout.Part("page-failed").TextContent, StringComparison.Ordinal);

        _fails = false;
        layout.Part("show-again").Click();
        Assert.Equal("The page", layout.Find(".of-the-test").TextContent);
        Assert.Empty(layout.Parts("page-failed"));
    }

    [Fact]
    public void A_part_that_throws_at_an_event_says_so_too()
    {
        _fails = false;
        var layout = Open(1);
        layout.Find(".of-the-test").Click();
        Assert.NotEmpty(layout.Parts("page-failed"));
        layout.Part("show-again").Click();
        Assert.NotNull(layout.Find(".of-the-test"));
    }

    [Fact]
    public void Another_address_shows_its_page_after_one_that_has_thrown()
    {
        var layout = Open(1);
        Assert.NotEmpty(layout.Parts("page-failed"));
        layout.Render(parameters => parameters.Add(shown => shown.Body, "<main>Another page</main>"));
        Assert.Equal("Another page", layout.Find("main").TextContent);
    }

    private IRenderedComponent<MainLayout> Open(int parts) => Render<MainLayout>(parameters => parameters.Add(layout => layout.Body, (RenderFragment)(builder =>
    {
        for (var i = 0; i < parts; i++)
        {
            builder.OpenComponent<Fragile>(0);
            builder.AddComponentParameter(1, nameof(Fragile.Fails), (Func<bool>)(() => _fails));
            builder.CloseComponent();
        }
    })));

    private sealed class Fragile : ComponentBase
    {
        [Parameter, EditorRequired]
        public Func<bool> Fails { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (Fails())
                throw new InvalidOperationException("The page of the test fails.");
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "class", "of-the-test");
            builder.AddAttribute(2, "onclick", EventCallback.Factory.Create(this, () => throw new InvalidOperationException("The event of the test fails.")));
            builder.AddContent(3, "The page");
            builder.CloseElement();
        }
    }
}
