using LmPlayground.Web.Access;

namespace LmPlayground.Web.Tests.Access;

public class HostRulesTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("localhost.", true)]
    [InlineData("play.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("::1", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("2130706433", false)]
    [InlineData("127.1", false)]
    [InlineData("192.168.1.5", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("0.0.0.0", false)]
    public void Without_the_option_only_names_of_this_machine_are_answered(string host, bool allowed) =>
        Assert.Equal(allowed, new HostRules((string?)null).Allow(host));

    [Theory]
    [InlineData("play.example", "play.example", true)]
    [InlineData("play.example", "PLAY.example.", true)]
    [InlineData("play.example", "localhost", false)]
    [InlineData("play.example", "a.play.example", false)]
    [InlineData("a.example; b.example", "b.example", true)]
    [InlineData("*.example.org", "a.b.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.example.org", "evilexample.org", false)]
    [InlineData("bücher.example", "xn--bcher-kva.example", true)]
    [InlineData("*.bücher.example", "a.xn--bcher-kva.example", true)]
    [InlineData("bücher.example", "bucher.example", false)]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", false)]
    [InlineData("[2001:db8::1]", "2001:DB8::1", true)]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example", true)]
    public void With_the_option_the_named_hosts_are_answered_and_no_others(string option, string host, bool allowed) =>
        Assert.Equal(allowed, new HostRules(option).Allow(host));
}
