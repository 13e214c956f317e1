using Bunit;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Panels;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Tests.Fakes;

namespace LmPlayground.Web.Tests;

public sealed class StopCriteriaTests : PageTest
{
    public static TheoryData<string> Names => [.. StoppingRules.AdvancedNumbers.Select(parameter => parameter.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_declared_number_can_be_set_and_reset_and_says_below_itself_what_it_cannot_take(string name)
    {
        var parameter = StoppingRules.AdvancedNumbers.Single(parameter => parameter.Name == name);
        var stopping = new StoppingOptions { RepetitionMaxPatternSize = 4, StopBelowProbability = 0.5, StopAboveEntropy = 2 };
        var panel = Render<StopCriteria>(parameters => parameters
            .Add(one => one.Stopping, stopping)
            .Add(one => one.Changed, changed => stopping = changed));

        panel.Find($"[data-testid={name}-number]").Change("1000000");
        Assert.Equal(parameter.Maximum, stopping[parameter]);
        Assert.StartsWith($"{name} 1000000 is outside", panel.Find($"[data-testid={name}-number-notice]").TextContent, StringComparison.Ordinal);

        panel.Find($"[data-testid={name}-number]").Change("x");
        Assert.Equal($"{name} 'x' is no number: it is ignored.", panel.Find($"[data-testid={name}-number-notice]").TextContent);

        var shown = stopping[parameter].ToString(System.Globalization.CultureInfo.InvariantCulture);
        panel.Render(parameters => parameters.Add(one => one.Stopping, stopping));
        Assert.Equal(shown, panel.Find($"[data-testid={name}-number]").GetAttribute("value"));
        panel.Find($"[data-testid={name}-reset]").Click();
        Assert.Equal(parameter.Default, stopping[parameter]);
        Assert.Empty(panel.FindAll($"[data-testid={name}-number-notice]"));
    }

    [Fact]
    public void The_rarer_criteria_are_folded_away_unless_one_is_on_and_a_count_waits_for_its_threshold()
    {
        var off = Render<StopCriteria>(parameters => parameters.Add(one => one.Stopping, new StoppingOptions()));
        Assert.False(off.Find("[data-testid=more-stops]").HasAttribute("open"));
        Assert.True(off.Find("[data-testid=repetition_min_count-number]").HasAttribute("disabled"));

        var on = Render<StopCriteria>(parameters => parameters.Add(one => one.Stopping, new StoppingOptions { RepetitionMaxPatternSize = 3, MaxTime = 1 }));
        Assert.True(on.Find("[data-testid=more-stops]").HasAttribute("open"));
        Assert.Contains("2 on", on.Find("summary").TextContent, StringComparison.Ordinal);
        Assert.False(on.Find("[data-testid=repetition_min_count-number]").HasAttribute("disabled"));
    }

    [Fact]
    public void The_stop_string_can_be_kept()
    {
        var stopping = new StoppingOptions { StopStrings = ["x"] };
        Assert.Empty(Render<StopCriteria>(parameters => parameters.Add(one => one.Stopping, new StoppingOptions())).FindAll("[data-testid=include-stop-string]"));
        var panel = Render<StopCriteria>(parameters => parameters.Add(one => one.Stopping, stopping).Add(one => one.Changed, changed => stopping = changed));
        panel.Find("[data-testid=include-stop-string]").Click();
        Assert.True(stopping.IncludeStopString);
    }

    [Fact]
    public void The_status_line_says_why_and_where()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " a", 0.5));
        Runs.Last.Finish(FinishReason.Repetition);
        Runs.Last.Change(run => run with
        {
            Summary = run.Summary! with { Stop = new StopPoint(FinishReason.Repetition, 40) { PatternSize = 6, Count = 3 } },
        });
        Tick();
        page.WaitForAssertion(() => Assert.Equal("stopped: repeats the last 6 tokens 3 times", page.Text("stopped")));
        Assert.Equal("At token 41 of the sequence, the prompt counted.", page.Part("stopped").GetAttribute("title"));
    }

    [Fact]
    public void Every_reason_has_words()
    {
        Assert.All(FinishReason.All, reason => Assert.NotEmpty(Words.Page.Library.Label(reason)));
        Assert.Equal("3 improbable tokens in a row", Show.Reason(new StopPoint(FinishReason.LowProbability, 1) { Count = 3 }));
        Assert.Equal("stop string ↵↵", Show.Reason(new StopPoint(FinishReason.StopString, 1) { StopString = "\n\n", TextOffset = 3 }));
    }
}
