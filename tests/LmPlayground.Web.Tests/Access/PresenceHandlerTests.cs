using LmPlayground.Web.Access;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Web.Tests.Access;

/// <summary>A tab that is closed and one that is reloaded look the same, but for the page that the latter has asked for.</summary>
public class PresenceHandlerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeRunManager _runs = new(new FakeModelList());
    private readonly Presence _presence = new() { TabId = "tab" };
    private readonly Arrivals _arrivals;
    private readonly PresenceHandler _handler;

    public PresenceHandlerTests()
    {
        _arrivals = new Arrivals(_time);
        _handler = new PresenceHandler(_presence, new Visitor { Client = "home" }, _arrivals, _runs);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_work_of_a_closed_tab_ends_at_once()
    {
        _arrivals.Serve("home");
        _arrivals.Connect("home");
        _arrivals.Serve("elsewhere");
        await _handler.OnCircuitClosedAsync(null!, Cancellation);
        Assert.Equal(["tab"], _runs.Left);
    }

    [Fact]
    public async Task The_work_of_a_reloaded_tab_goes_on()
    {
        _arrivals.Serve("home");
        await _handler.OnCircuitClosedAsync(null!, Cancellation);
        Assert.Empty(_runs.Left);
    }

    [Fact]
    public async Task A_page_that_never_connected_is_waited_for_half_a_minute_only()
    {
        _arrivals.Serve("home");
        _time.Advance(TimeSpan.FromSeconds(31));
        await _handler.OnCircuitClosedAsync(null!, Cancellation);
        Assert.Equal(["tab"], _runs.Left);
    }

    [Fact]
    public async Task A_cut_line_alone_ends_nothing_at_once()
    {
        var job = new FakeJob<int>(0);
        using var watch = _presence.Subscribe(job, () => { });
        await _handler.OnConnectionDownAsync(null!, Cancellation);
        Assert.Equal(0, job.Subscribers);
        await _handler.OnConnectionUpAsync(null!, Cancellation);
        Assert.Equal(1, job.Subscribers);
        Assert.Empty(_runs.Left);
    }

    [Fact]
    public async Task A_page_without_a_tab_has_no_work_to_end()
    {
        _presence.TabId = null;
        await _handler.OnCircuitClosedAsync(null!, Cancellation);
        Assert.Empty(_runs.Left);
    }
}
