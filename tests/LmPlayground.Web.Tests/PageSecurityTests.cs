using LmPlayground.Web.Components;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LmPlayground.Web.Tests;

public class PageSecurityTests
{
    [Theory]
    [InlineData(null, "'none'", "DENY", "same-origin", "same-origin")]
    [InlineData("'none'", "'none'", "DENY", "same-origin", "same-origin")]
    [InlineData("'self'", "'self'", "SAMEORIGIN", "same-origin", "same-origin")]
    [InlineData("*", "*", null, "unsafe-none", "cross-origin")]
    [InlineData("https://a.example https://b.example", "https://a.example https://b.example", null, "unsafe-none", "cross-origin")]
    public async Task Frame_headers_follow_the_route_and_say_the_same(string? framing, string ancestors, string? options, string opener, string resource)
    {
        var headers = await HeadersAsync(framing is null ? [] : [new FramingAttribute(framing)]);
        Assert.EndsWith($"; frame-ancestors {ancestors}", headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        Assert.Equal(options, (string?)headers.XFrameOptions);
        Assert.Equal(opener, headers["Cross-Origin-Opener-Policy"]);
        Assert.Equal(resource, headers["Cross-Origin-Resource-Policy"]);
    }

    [Fact]
    public async Task Devices_are_refused_on_every_answer()
    {
        var policy = (await HeadersAsync([]))["Permissions-Policy"].ToString();
        Assert.All(new[] { "camera", "microphone", "geolocation", "usb" }, device => Assert.Contains($"{device}=()", policy, StringComparison.Ordinal));
        Assert.DoesNotContain("clipboard", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_answers_HEAD_and_nothing_else_new()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "LmPlayground.Web", ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddPlaygroundPage();
        await using var app = builder.Build();
        app.MapPlaygroundPage();
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToLookup(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));
        foreach (var page in new[] { "/", "/compare", "/models", "/not-found" })
            Assert.Equal(["GET", "HEAD", "POST"], Assert.Single(endpoints[page]).Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Order());
        Assert.All(
            endpoints.Where(group => group.Key.StartsWith("/_blazor", StringComparison.Ordinal)).SelectMany(group => group),
            endpoint => Assert.DoesNotContain("HEAD", endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []));
    }

    private static async Task<IHeaderDictionary> HeadersAsync(object[] metadata)
    {
        var context = new DefaultHttpContext();
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(metadata), "page"));
        await PageSecurity.InvokeAsync(context, _ => Task.CompletedTask);
        return context.Response.Headers;
    }
}
