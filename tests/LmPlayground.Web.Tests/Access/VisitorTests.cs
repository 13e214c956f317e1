using System.Net;
using LmPlayground.Models.Hub;
using LmPlayground.Web.Access;
using LmPlayground.Web.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace LmPlayground.Web.Tests.Access;

public class VisitorTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:5000", null, true)]
    [InlineData("::1", "localhost:5000", null, true)]
    [InlineData("::ffff:127.0.0.1", "[::1]:5000", null, true)]
    [InlineData("192.168.1.7", "127.0.0.1:5000", null, false)]
    [InlineData("127.0.0.1", "play.example", null, false)]
    [InlineData("127.0.0.1", "localhost", "X-Forwarded-For", false)]
    [InlineData("127.0.0.1", "localhost", "Forwarded", false)]
    [InlineData("127.0.0.1", "localhost", "Via", false)]
    [InlineData("127.0.0.1", "localhost", "X-Real-IP", false)]
    [InlineData("127.0.0.1", "localhost", "X-Original-For", false)]
    public void A_visitor_is_at_this_machine_where_peer_and_name_are_its_own_and_nothing_forwards(string peer, string host, string? header, bool isHere)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Host = new HostString(host);
        if (header is not null)
            context.Request.Headers[header] = "1.2.3.4";
        Assert.Equal(isHere, Visitor.AsksFromThisMachine(context, new ProxyOptions()));
        Assert.False(Visitor.AsksFromThisMachine(context, new ProxyOptions { KnownProxies = { "10.0.0.1" } }));
    }

    [Theory]
    [InlineData("HTTP/1.0", false)]
    [InlineData("HTTP/1.1", true)]
    [InlineData("HTTP/2", true)]
    public void What_speaks_as_nginx_does_to_the_server_behind_it_is_not_at_this_machine(string protocol, bool isHere)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Host = new HostString("127.0.0.1:5000");
        context.Request.Protocol = protocol;
        Assert.Equal(isHere, Visitor.AsksFromThisMachine(context, new ProxyOptions()));
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    public void Downloads_and_unloads_are_the_operators_word_or_else_for_visitors_at_this_machine(bool? option, bool isHere, bool allowed)
    {
        var policy = new VisitorPolicy(
            Options.Create(new DownloadOptions { AllowDownloads = option }), Options.Create(new ModelOptions { AllowUnload = option }), new Visitor { IsAtThisMachine = isHere });
        Assert.Equal((allowed, allowed), (policy.DownloadRefusal is null, policy.UnloadRefusal is null));
        if (allowed)
            return;
        Assert.Contains("Hub:AllowDownloads", Assert.Throws<HubException>(policy.CheckDownload).Message, StringComparison.Ordinal);
        Assert.Contains("Models:AllowUnload", policy.UnloadRefusal, StringComparison.Ordinal);
    }
}
