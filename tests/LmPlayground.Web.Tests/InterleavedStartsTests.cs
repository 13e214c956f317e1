using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Web.Tests;

/// <summary>Two starts of one tab, of which the earlier waits longer for what the browser had announced: the later one is what was meant.</summary>
public sealed class InterleavedStartsTests : PageTest
{
    private readonly HeldBox _box = new();

    [Fact]
    public async Task The_later_start_of_a_run_wins_over_one_that_waited_longer()
    {
        using var page = new PlaygroundPage(Runs, Models, Tokenizers, Navigation, Clock, Thread());
        page.Prompt.Box = _box;
        await page.ConnectAsync("tab");
        var waited = _box.Hold();
        await page.ChangeAsync(page.Choice.Request.With(StageSettings.Of(TopKStage.K), 3));
        var earlier = page.GenerateAsync();
        _box.LetGo();
        await page.ChangeAsync(page.Choice.Request.With(StageSettings.Of(TopKStage.K), 5));
        await page.GenerateAsync();
        waited.SetResult();
        await earlier;
        Assert.Equal(5, Assert.Single(Runs.Started).Request.Get(StageSettings.Of(TopKStage.K)));
        Assert.Null(page.Error);
    }

    [Fact]
    public async Task A_second_press_of_next_token_while_the_first_waits_takes_one_token()
    {
        using var page = new PlaygroundPage(Runs, Models, Tokenizers, Navigation, Clock, Thread());
        page.Prompt.Box = _box;
        await page.ConnectAsync("tab");
        var waited = _box.Hold();
        Task[] presses = [page.NextAsync(), page.NextAsync()];
        waited.SetResult();
        await Task.WhenAll(presses);
        Assert.Equal(1, Assert.Single(Runs.Started).Request.Stopping.MaxNewTokens);
    }

    [Fact]
    public async Task The_later_start_of_a_comparison_wins_over_one_that_waited_longer()
    {
        using var page = new ComparePage(Runs, Models, Navigation, Clock, Thread());
        page.Prompt.Box = _box;
        await page.ConnectAsync("tab");
        var waited = _box.Hold();
        var earlier = page.GenerateAsync();
        _box.LetGo();
        await page.GenerateAsync();
        waited.SetResult();
        await earlier;
        Assert.Single(Comparisons.Started);
    }

    private static PageThread Thread() => new(act => act(), () => { }, NullLogger.Instance, Words.Page);

    /// <summary>A box whose announced edits arrive when a test lets them.</summary>
    private sealed class HeldBox : ITextBox
    {
        public Task Attached => Task.CompletedTask;

        public Task Settled { get; private set; } = Task.CompletedTask;

        public TaskCompletionSource Hold()
        {
            var held = new TaskCompletionSource();
            Settled = held.Task;
            return held;
        }

        public void LetGo() => Settled = Task.CompletedTask;

        public Task WriteAsync(string text) => Task.CompletedTask;

        public Task InsertAsync(string text) => Task.CompletedTask;

        public Task KeepAsync(string reference) => Task.CompletedTask;

        public Task<string?> RecallAsync(string reference) => Task.FromResult<string?>(null);
    }
}
