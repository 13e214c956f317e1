using System.Collections.Immutable;
using Bunit;
using LmPlayground.Generation.Inspection;
using LmPlayground.Models;
using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Sampling.Tracing;
using LmPlayground.Web.Components.Browser;
using LmPlayground.Web.Components.Controls;
using LmPlayground.Web.Formatting;
using LmPlayground.Web.Tests.Fakes;
using LmPlayground.Web.Texts;

namespace LmPlayground.Web.Tests;

public sealed class SamplerPanelTests : PageTest
{
    public static TheoryData<string> Parameters => [.. SamplingStages.Parameters.Select(parameter => parameter.Name)];

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Slider_box_and_reset_of_every_declared_parameter_change_what_is_asked_for(string name)
    {
        var parameter = SamplingStages.Parameters.Single(parameter => parameter.Name == name);
        var page = Open();
        var stage = SamplingStages.All.Single(stage => stage.Parameters.Contains(parameter));
        if (page.Parts($"stage-{stage.Name}").Count == 0)
            page.AddStage(stage.Name);
        var value = parameter.Clamp((parameter.Minimum + parameter.SliderMaximum) / 2 + parameter.Step);

        page.Part($"stage-{name}-slider").Input(ParameterText.Format(parameter, value));
        Assert.Equal(value, Asked(page)[parameter], 9);

        page.Part($"stage-{name}-number").Change(ParameterText.Format(parameter, parameter.SliderMaximum));
        Assert.Equal(parameter.SliderMaximum, Asked(page)[parameter], 9);

        page.Part($"stage-{name}-reset").Click();
        Assert.Equal(parameter.Default, Asked(page)[parameter]);
    }

    [Fact]
    public void A_number_beyond_the_slider_can_be_typed_and_one_beyond_the_range_is_clamped_with_a_notice()
    {
        var page = Open();
        page.Part("stage-temperature-number").Change("3.5");
        Assert.Equal(3.5, Asked(page).Temperature);
        Assert.Empty(page.Parts("stage-temperature-number-notice"));

        page.Part("stage-temperature-number").Change("9");
        Assert.Equal(5, Asked(page).Temperature);
        Assert.Equal("temperature 9 is outside 0 to 5: 5 is used.", page.Text("stage-temperature-number-notice"));
    }

    [Fact]
    public void The_page_starts_with_the_models_defaults_and_a_badge_takes_them_back()
    {
        var page = Open();
        Assert.Equal(0.8, Asked(page).Temperature);
        Assert.Equal(0.95, Asked(page).TopP);
        Assert.Empty(page.Settled().FindAll(".stage .badge"));

        page.Part("stage-temperature-number").Change("1.2");
        page.Settled().Find(".stage .badge").Click();

        Assert.Equal(0.8, Asked(page).Temperature);
        Rest();
        Assert.DoesNotContain("temperature", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_can_be_moved_past_its_neighbour_in_sight()
    {
        var page = Open();
        page.Part("stage-temperature-later").Click();
        page.Part("stage-temperature-later").Click();
        var order = Asked(page).Order.Stages;
        Assert.True(order.IndexOf("top_p") < order.IndexOf("temperature"));
        Assert.True(order.IndexOf("temperature") < order.IndexOf("min_p"));
        page.Part("stage-temperature-earlier").Click();
        page.Part("stage-temperature-earlier").Click();
        Assert.Equal(StageOrder.Transformers, Asked(page).Order);
    }

    [Fact]
    public void Lists_of_texts_are_chips_that_are_checked_asked_for_and_kept_in_the_address()
    {
        var page = Open();
        page.AddStage("bad_words");
        page.Part("stage-bad_words-add").Change(@"cat\n");
        Assert.Equal<string>(["cat\n"], Asked(page)[SamplingStages.Texts.Single(texts => texts.Name == "bad_words")]);
        Assert.Contains("bad_words", Asked(page).Order.Stages);
        Rest();
        Assert.Contains("bad_words=cat%5Cn", Navigation.Uri, StringComparison.Ordinal);

        page.AddStage("logit_bias");
        page.Part("stage-logit_bias-add").Change("nonsense");
        Assert.Single(page.Settled().FindAll(".field-error"));
        Assert.Empty(Asked(page)[SamplingStages.Texts.Single(texts => texts.Name == "logit_bias")]);

        page.Part("neutral").Click();
        Assert.Empty(Asked(page).Names);
    }

    [Fact]
    public void Neutral_is_the_models_own_distribution()
    {
        var page = Open();
        page.Part("neutral").Click();
        Assert.Empty(Asked(page).Names);
    }

    [Fact]
    public void Another_model_brings_its_own_defaults_and_keeps_what_was_chosen()
    {
        var page = Open("?model=lstm&top_k=7");
        Assert.Equal(0.8, Asked(page).Temperature);
        Assert.Equal(7, Asked(page).TopK);
        Assert.Equal("lstm", Runs.Started[^1].Request.Model);
    }

    [Fact]
    public void A_run_and_its_page_take_the_models_own_settings_once_they_are_known()
    {
        Models.Set(Scripted.Model("late", "Late", isKnown: false));
        var page = Open();
        Asked(page);
        Assert.Empty(SamplingStages.Parameters.Where(parameter => Runs.Started[^1].Request.Has(StageSettings.Of(parameter))));
        Models.Set(Scripted.Model("late", "Late", new LmPlayground.Models.GenerationDefaults { Temperature = 0.5 }));
        page.WaitForAssertion(() => Assert.Equal("0.50", page.Part("stage-temperature-number").GetAttribute("value")));
    }

    [Theory]
    [InlineData("", "0.80", "0.95")]
    [InlineData("?defaults=1", "1.00", "1.00")]
    [InlineData("?defaults=2", "0.80", "0.95")]
    [InlineData("?temperature=1", "1.00", "0.95")]
    public void A_model_whose_makers_say_nothing_starts_with_the_defaults_of_the_address(string query, string temperature, string topP)
    {
        Models.Set(Scripted.Model("silent", "Silent"));
        var page = Open(query);
        Assert.Equal(temperature, page.Part("stage-temperature-number").GetAttribute("value"));
        Assert.Equal(topP, page.Part("stage-top_p-number").GetAttribute("value"));
    }

    [Fact]
    public void The_order_is_a_choice()
    {
        var page = Open();
        page.Pick("order", "llama.cpp");
        Assert.Equal(StageOrder.LlamaCpp, Asked(page).Order);
        Assert.Equal(
            ["repetition_penalty", "top_k", "top_p", "min_p", "temperature"],
            page.Settled().FindAll(".stage").Select(card => card.GetAttribute("data-testid")!["stage-".Length..]));
        page.Pick("order", "vLLM");
        Assert.Equal("vLLM", page.Picker("order").Value);
    }

    [Fact]
    public void The_seed_is_random_until_it_is_typed_or_the_drawn_one_is_kept()
    {
        var page = Open();
        Assert.Equal("-1", page.Part("seed").GetAttribute("value"));
        Asked(page);
        var drawn = Runs.Started[^1].Request.Seed;

        page.WaitForState(() => page.Parts("keep-seed").Count == 1);
        page.Part("keep-seed").Click();
        Asked(page);
        Assert.Equal(drawn, Runs.Started[^1].Request.Seed);

        page.Part("seed").Change("18446744073709551615");
        Asked(page);
        Assert.Equal(ulong.MaxValue, Runs.Started[^1].Request.Seed);

        page.Part("seed").Change("many");
        Assert.Contains("seed 'many' is no whole number", page.Text("seed-notice"), StringComparison.Ordinal);
        Asked(page);
        Assert.Equal(ulong.MaxValue, Runs.Started[^1].Request.Seed);
    }

    [Fact]
    public void Stop_criteria_are_chips_and_escapes_are_accepted_and_shown()
    {
        var page = Open();
        page.Part("add-stop-string").Change(@"\n\n");
        page.Part("add-stop-string").Change("END");
        page.Part("add-stop-token").Change("13");
        page.Part("stop-at-eos").Click();
        page.Part("max-new-tokens-number").Change("7");
        Asked(page);

        var stopping = Runs.Started[^1].Request.Stopping;
        Assert.Equal(["\n\n", "END"], stopping.StopStrings);
        Assert.Equal([13], stopping.StopTokenIds);
        Assert.False(stopping.StopAtEndOfSequence);
        Assert.Equal(7, stopping.MaxNewTokens);
        Assert.Equal(["↵↵", "END", "13"], page.Settled().FindAll(".chip code").Select(code => code.TextContent));

        page.Settled().Find(".chip button").Click();
        Asked(page);
        Assert.Equal(["END"], Runs.Started[^1].Request.Stopping.StopStrings);
    }

    [Fact]
    public void A_wrong_escape_or_id_says_what_is_wrong_and_keeps_what_was_typed()
    {
        var page = Open();
        page.Part("add-stop-string").Change(@"\q");
        Assert.Contains(@"'\q' is no escape", page.Settled().Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal(@"\q", page.Part("add-stop-string").GetAttribute("value"));
        page.Part("add-stop-token").Change("-3");
        Assert.Contains("'-3' is no token id", page.Settled().FindAll(".field-error")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_says_what_it_did_at_the_selected_step_or_why_it_did_nothing()
    {
        var page = Open("?top_k=8");
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " there", 0.9));
        Tick();
        page.WaitForState(() => page.Tokens().Count == 1);

        Assert.Equal("sharper by 0.69 bits 4,096 2.83 bits", page.Text("stage-temperature-trace"));
        Assert.Equal("removed 4.8 % 8 2.31 bits", page.Text("stage-top_k-trace"));
        Assert.Equal("nothing: top-k leaves 8", page.Text("stage-top_p-trace"));
        Assert.Single(page.Part("stage-top_p-trace").QuerySelectorAll(".warn"));
    }

    [Fact]
    public void Temperature_0_says_greedy()
    {
        var page = Open("?temperature=0");
        Assert.StartsWith("greedy", page.Text("stage-temperature-trace"), StringComparison.Ordinal);
        Assert.Equal("greedy", Words.Page.Library.Removal("temperature", 0));
    }

    [Fact]
    public void Other_settings_mark_what_they_would_have_removed_without_a_run()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add([.. Enumerable.Range(0, 40).Select(i => Scripted.Step(i, " a", 0.5))]);
        Runs.Last.Compare = (_, _) => Task.FromResult(Enumerable.Range(0, 40)
            .Select(i => new StepOutcome(i, i is 3 or 35 ? "top_p" : null, 0.5, i == 4 ? 7 : 100 + i)).ToImmutableArray());
        Runs.Last.Inspect = (step, _) => step with { SampledProbability = 0.123 };
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("stopped").Count == 1);
        page.Select(35);

        page.Part("stage-top_p-slider").Input("0.5");
        Rest();

        page.WaitForAssertion(() => Assert.Equal(
            "These settings would have removed 2 of 40 tokens; 1 more would be drawn differently.", page.Text("what-if")));
        Assert.Equal([3, 35], page.Marked("removed"));
        Assert.Contains("removed", page.Settled().Find(".t.sel").ClassList);
        Assert.Equal([4], page.Marked("redrawn"));
        Assert.Equal("removed by top-p", page.Text("token-note"));
        Assert.Contains("12.30 %", page.Settled().Find(".facts").TextContent, StringComparison.Ordinal);
        Assert.Single(Runs.Started);

        page.Part("stage-top_p-number").Change("0.95");
        page.WaitForAssertion(() => Assert.DoesNotContain(page.Tokens(), token => token.Mark is not null));
    }

    [Fact]
    public void While_a_slider_moves_only_its_last_value_is_asked()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " a", 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("stopped").Count == 1);

        foreach (var value in new[] { "0.9", "0.8", "0.7", "0.6" })
            page.Part("stage-top_p-slider").Input(value);
        Assert.Empty(Runs.Last.Compared);
        Rest();

        page.WaitForAssertion(() => Assert.Equal([0.6], Runs.Last.Compared.Select(options => options.TopP)));
    }

    [Fact]
    public void Tokens_that_come_after_the_question_are_marked_while_the_run_goes_on()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Compare = (_, _) => Task.FromResult(Runs.Last.Snapshot.Detail.Steps.Select((step, i) => new StepOutcome(i, "top_p", 0, step.Id)).ToImmutableArray());
        Runs.Last.Add(Scripted.Step(0, " a", 0.5));
        Tick();
        page.Part("stage-top_p-slider").Input("0.5");
        Rest();
        page.WaitForAssertion(() => Assert.Single(page.Marked("removed")));

        Runs.Last.Add(Scripted.Step(1, " b", 0.5), Scripted.Step(2, " c", 0.5));
        Rest();
        page.WaitForAssertion(() => Assert.Equal(3, page.Marked("removed").Count()));
        Assert.True(Runs.Last.Snapshot.IsActive);
    }

    [Fact]
    public void An_answer_that_a_newer_question_has_overtaken_is_cancelled_and_not_shown()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " a", 0.5));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("stopped").Count == 1);
        var slow = new TaskCompletionSource<ImmutableArray<StepOutcome>>();
        var cancelled = CancellationToken.None;
        Runs.Last.Compare = (options, token) =>
        {
            if (options.TopP != 0.9)
                return Task.FromResult<ImmutableArray<StepOutcome>>([new StepOutcome(0, null, 0.5, 100)]);
            cancelled = token;
            return slow.Task;
        };

        page.Part("stage-top_p-slider").Input("0.9");
        Rest();
        page.WaitForState(() => cancelled.CanBeCanceled);
        page.Part("stage-top_p-slider").Input("0.4");
        Rest();
        slow.SetResult([new StepOutcome(0, "top_p", 0, 7)]);

        Assert.True(cancelled.IsCancellationRequested);
        page.WaitForAssertion(() => Assert.Equal("These settings would have given the same 1 token.", page.Text("what-if")));
        Assert.Empty(page.Marked("removed"));
    }

    [Fact]
    public void A_question_that_fails_says_why()
    {
        var page = Open();
        page.Part("generate").Click();
        Runs.Last.Add(Scripted.Step(0, " a", 0.5));
        Runs.Last.Compare = (_, _) => Task.FromException<ImmutableArray<StepOutcome>>(new ModelUseException("test", $"The logits of this run were let go."));
        Runs.Last.Finish(FinishReason.Length);
        Tick();
        page.WaitForState(() => page.Parts("stopped").Count == 1);
        page.Part("stage-top_p-slider").Input("0.4");
        Rest();

        page.WaitForAssertion(() => Assert.Equal("The logits of this run were let go.", page.Text("error")));
    }

    [Fact]
    public void An_effect_names_moved_logits_where_only_some_moved()
    {
        var stage = SamplingStages.Find("top_k")!;
        var options = new LmPlayground.Sampling.Stages.SamplingOptions().With(stage.Parameters[0], 5);
        Assert.Equal("moved 14 logits", StageEffect.Of(stage, options, new StageTrace("top_k", 4096, 0, 3.5, 3.4, 14) { Changed = true }, Words.Of<ControlTexts>(), Words.Page.Library).Text);
        Assert.Equal("flatter by 0.50 bits", StageEffect.Of(stage, options, new StageTrace("top_k", 4096, 0, 3.0, 3.5, 4096) { Changed = true }, Words.Of<ControlTexts>(), Words.Page.Library).Text);
        Assert.Equal("off", StageEffect.Of(stage, new LmPlayground.Sampling.Stages.SamplingOptions(), null, Words.Of<ControlTexts>(), Words.Page.Library).Text);
    }

    private LmPlayground.Sampling.Stages.SamplingOptions Asked(IRenderedComponent<Components.Pages.Playground> page)
    {
        var before = Runs.Started.Count;
        page.Settled().Find("main").TriggerEvent("onrunkey", new RunKeyEventArgs { Action = "stop" });
        Tick();
        page.WaitForState(() => page.Parts("generate").Count == 1);
        page.Part("generate").Click();
        page.WaitForState(() => Runs.Started.Count > before);
        return Runs.Started[^1].Sampling;
    }
}
