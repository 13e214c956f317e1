using LmPlayground.Demos;
using LmPlayground.Web.Viewing;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Web.Tests;

/// <summary>What is kept of demos: bounded, and gone with its demo.</summary>
public class DemoCacheTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void It_never_holds_more_than_it_may_and_keeps_what_was_used_last()
    {
        var cache = new DemoCache(100, _clock);
        for (var i = 0; i < 1_000; i++)
        {
            cache.Keep(new DemoAsked("a", "page", Token: i), Answer(30));
            Assert.True(cache.TryGet(new DemoAsked("a", "page"), out _));
            Assert.InRange(cache.Bytes, 30, 100);
        }

        cache.Keep(new DemoAsked("large", "page"), Answer(101));
        Assert.False(cache.TryGet(new DemoAsked("large", "page"), out _));
    }

    [Fact]
    public void All_of_a_dropped_demo_is_gone_and_nothing_of_another()
    {
        var cache = new DemoCache(1_000, _clock);
        foreach (var kind in new[] { "page", "embed", "html" })
            cache.Keep(new DemoAsked("a", kind, "en"), Answer(10));
        cache.Keep(new DemoAsked("b", "page", "en"), Answer(10));
        cache.Drop("a");
        Assert.False(cache.TryGet(new DemoAsked("a", "html", "en"), out _));
        Assert.True(cache.TryGet(new DemoAsked("b", "page", "en"), out _));
        Assert.Equal(10, cache.Bytes);
    }

    [Fact]
    public void A_demo_of_which_only_the_ids_hash_is_known_is_dropped()
    {
        var cache = new DemoCache(1_000, _clock);
        var id = DemoId.Of(OwnerSecret.Create(), Hash256.Of([1]), 0);
        cache.Keep(new DemoAsked(id.ToString(), "page", "en"), Answer(10));
        cache.Keep(new DemoAsked("b", "page", "en"), Answer(10));
        cache.Drop(id.Hash);
        Assert.Equal(10, cache.Bytes);
    }

    [Fact]
    public void What_has_expired_is_not_handed_out()
    {
        var cache = new DemoCache(1_000, _clock);
        cache.Keep(new DemoAsked("a", "page"), Answer(10) with { State = new DemoState("", _clock.GetUtcNow().AddMinutes(1)) });
        Assert.True(cache.TryGet(new DemoAsked("a", "page"), out _));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(cache.TryGet(new DemoAsked("a", "page"), out _));
        Assert.Equal(0, cache.Bytes);
    }

    private static DemoAnswer Answer(int bytes) => new(200, "text/html", new byte[bytes]);
}
