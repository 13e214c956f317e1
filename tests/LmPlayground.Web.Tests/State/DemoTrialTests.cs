using System.Collections.Concurrent;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Web.State;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests.State;

/// <summary>What is worked out of a demo, in which order, and how much.</summary>
public sealed class DemoTrialTests
{
    private readonly ConcurrentQueue<TrialResult> _told = [];

    [Fact]
    public async Task The_selected_token_comes_first_and_all_follow()
    {
        using var trial = Trial();
        await trial.AskAsync(Options(0.7), 5);
        var first = _told.First();
        Assert.Equal((5, true, 1), (first.Index, first.IsWorking, first.Done));
        Assert.NotEqual(DemoMark.NotYet, first.Marks[5]);
        Assert.NotNull(first.Selected);
        var last = _told.Last();
        Assert.False(last.IsWorking);
        Assert.DoesNotContain(DemoMark.NotYet, last.Marks);
    }

    [Fact]
    public async Task A_question_ends_after_its_time_and_a_token_that_is_selected_later_is_worked_out_alone()
    {
        using var trial = Trial(TimeSpan.Zero);
        await trial.AskAsync(Options(0.7), 5);
        Assert.Equal((1, false), (_told.Last().Done, _told.Last().IsWorking));
        await trial.AskAsync(Options(0.7), 2);
        Assert.Equal((2, 2), (_told.Last().Done, _told.Last().Index));
        Assert.NotEqual(DemoMark.NotYet, _told.Last().Marks[2]);
    }

    [Fact]
    public async Task A_later_question_ends_the_one_before_and_nothing_of_that_is_told_after_it()
    {
        using var trial = Trial();
        var settings = Enumerable.Range(1, 20).Select(i => Options(0.5 + (i / 100.0))).ToList();
        var asked = settings.Select(options => trial.AskAsync(options, 0)).ToList();
        await Task.WhenAll(asked);
        Assert.Equal(settings[^1], _told.Last().Options);
        Assert.DoesNotContain(DemoMark.NotYet, _told.Last().Marks);
        var order = _told.Select(told => settings.IndexOf(told.Options)).ToList();
        Assert.Equal(order.Order(), order);
    }

    private static SamplingOptions Options(double temperature) =>
        Goldens.Read("ngram").Runs[0].Strategy.Sampling(new SamplingOptions()).With(TemperatureStage.Temperature, temperature);

    private DemoTrial Trial(TimeSpan? mostTime = null)
    {
        var demo = Goldens.Read("ngram");
        return new DemoTrial(demo, demo.Runs[0], demo.Runs[0].Steps.Count, result =>
        {
            _told.Enqueue(result);
            return Task.CompletedTask;
        }, error => throw error, mostTime);
    }
}
