using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using Microsoft.Extensions.Time.Testing;

namespace LmPlayground.Generation.Tests;

public class StoppingTests
{
    [Fact]
    public async Task A_stop_string_over_several_tokens_cuts_the_text_before_it()
    {
        var (steps, run) = await Say("one\n\ntwo", new StoppingOptions { StopStrings = ["\n\n"] });
        Assert.Equal("one", run.Summary!.Text);
        Assert.Equal(FinishReason.StopString, run.Summary.FinishReason);
        Assert.Equal(5, steps.Length);
        Assert.Equal("one", string.Concat(steps.Select(step => step.Released)));
        Assert.Equal("one\n\n", string.Concat(steps.Select(step => step.Text)));
        Assert.All(steps[..^1], step => Assert.Null(step.FinishReason));
    }

    [Fact]
    public async Task Text_that_only_might_have_been_a_stop_string_is_released_at_the_end()
    {
        var (steps, run) = await Say("abcab", new StoppingOptions { StopStrings = ["abx"], MaxNewTokens = 5 });
        Assert.Equal("abcab", run.Summary!.Text);
        Assert.Equal(["", "", "abc", "", "ab"], steps.Select(step => step.Released));
        Assert.Equal(FinishReason.Length, run.Summary.FinishReason);
    }

    [Fact]
    public async Task A_character_of_several_tokens_appears_once_and_whole()
    {
        var (steps, run) = await Say("é€😀", new StoppingOptions { MaxNewTokens = 9 });
        Assert.Equal(["", "é", "", "", "€", "", "", "", "😀"], steps.Select(step => step.Text));
        Assert.Equal("é€😀", run.Summary!.Text);
        Assert.Equal("<0xC3>", steps[0].Display);
    }

    [Fact]
    public async Task An_end_of_sequence_token_ends_the_run_unless_it_is_switched_off()
    {
        var model = new FakeModel(endOfSequence: ['c', 'd']) { Script = FakeModel.Say("abcde", 1) };
        using var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(model, "p"));
        Assert.Equal(3, (await run.ToEnd()).Length);
        Assert.Equal(FinishReason.EndOfSequence, run.Summary!.FinishReason);
        var request = Runs.Request(model, "p", tokens: 5);
        Assert.Equal(5, (await Runs.IdsOf(engine, request with { Stopping = request.Stopping with { StopAtEndOfSequence = false } })).Length);
    }

    [Fact]
    public async Task The_context_ends_the_run()
    {
        var model = new FakeModel(contextLength: 9);
        using var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(model, "12345", tokens: 50));
        Assert.Equal(4, (await run.ToEnd()).Length);
        Assert.Equal(FinishReason.ContextFull, run.Summary!.FinishReason);
    }

    [Theory]
    [InlineData(9, "shorten it by 1 token")]
    [InlineData(300_000, "shorten it by 299,992 token")]
    public async Task A_prompt_longer_than_the_context_is_an_error_that_says_by_how_much(int length, string words)
    {
        var model = new FakeModel(contextLength: 9);
        using var engine = new GenerationEngine();
        var error = await Assert.ThrowsAsync<PromptException>(() => engine.Generate(Runs.Request(model, new string('x', length))).ToEnd());
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, model.SessionsAlive);
    }

    [Fact]
    public async Task Ids_outside_the_vocabulary_and_an_empty_prompt_are_errors()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel());
        foreach (var ids in new int[][] { [256], [-1], [] })
            await Assert.ThrowsAsync<PromptException>(() => engine.Generate(request with { PromptIds = [.. ids] }).ToEnd());
        Assert.Throws<PromptException>(() => PromptEncoder.Encode(new FakeModel(), ""));
    }

    [Fact]
    public void A_prompt_begins_with_what_its_model_wants_in_front()
    {
        var model = new FakeModel();
        var card = model.Card with { PromptPrefixIds = [3], BeginningOfSequenceId = 4 };
        Assert.Equal([3, 'a'], PromptEncoder.Encode(new FakeModel { Card = card }, "a"));
        Assert.Equal([3], PromptEncoder.Encode(new FakeModel { Card = card }, ""));
        Assert.Equal([4], PromptEncoder.Encode(new FakeModel { Card = card with { PromptPrefixIds = [] } }, ""));
    }

    [Theory]
    [InlineData(false, "one", 3)]
    [InlineData(true, "one\n\n", 5)]
    public async Task The_place_where_a_stop_string_cut_the_text_is_recorded_and_the_string_can_stay(bool keep, string text, int offset)
    {
        var (steps, run) = await Say("one\n\ntwo", new StoppingOptions { StopStrings = ["\n\n"], IncludeStopString = keep });
        Assert.Equal(text, run.Summary!.Text);
        Assert.Equal(text, string.Concat(steps.Select(step => step.Released)));
        Assert.Equal(new StopPoint(FinishReason.StopString, 5) { TextOffset = offset, StopString = "\n\n" }, run.Summary.Stop);
        Assert.Equal(run.Summary.Stop, steps[^1].Stop);
        Assert.All(steps[..^1], step => Assert.Null(step.Stop));
    }

    [Fact]
    public async Task A_stop_string_that_an_end_of_sequence_token_completes_cuts_the_text_and_the_token_is_the_reason()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel(endOfSequence: ['c']) { Script = FakeModel.Say("abcd", 1) };
        using var run = engine.Generate(Runs.Request(model, "p") with { Stopping = new StoppingOptions { StopStrings = ["bc"] } });
        await run.ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal("a", run.Summary!.Text);
        Assert.Equal(new StopPoint(FinishReason.EndOfSequence, 3) { TextOffset = 1, StopString = "bc" }, run.Summary.Stop);
    }

    [Fact]
    public async Task A_loop_ends_the_run_and_the_prompt_is_no_part_of_it()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel { Script = FakeModel.Say("ababab", 4) }, "abab", tokens: 6);
        using var run = engine.Generate(request with { Stopping = request.Stopping with { RepetitionMaxPatternSize = 4 } });
        Assert.Equal(6, (await run.ToEnd(TestContext.Current.CancellationToken)).Length);
        Assert.Equal(FinishReason.Length, run.Summary!.FinishReason);

        using var sooner = engine.Generate(request with { Stopping = request.Stopping with { RepetitionMaxPatternSize = 4, RepetitionMinCount = 2 } });
        Assert.Equal(4, (await sooner.ToEnd(TestContext.Current.CancellationToken)).Length);
        Assert.Equal(new StopPoint(FinishReason.Repetition, 7) { PatternSize = 2, Count = 2 }, sooner.Summary!.Stop);
    }

    [Fact]
    public async Task The_time_budget_counts_the_prompt_and_ends_the_run_at_the_token_it_is_at()
    {
        var time = new FakeTimeProvider();
        using var engine = new GenerationEngine(time: time);
        var request = Runs.Request(new FakeModel { OnForward = (_, _) => time.Advance(TimeSpan.FromSeconds(1)) }, "p", tokens: 50);
        using var run = engine.Generate(request with { Stopping = request.Stopping with { MaxTime = 3 } });
        Assert.Equal(3, (await run.ToEnd(TestContext.Current.CancellationToken)).Length);
        Assert.Equal(new StopPoint(FinishReason.TimeLimit, 3), run.Summary!.Stop);

        var last = await new BeamSearch(engine, run.Request, new BeamSearchOptions { NumBeams = 2 }).LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal(FinishReason.TimeLimit, Assert.Single(last.Returned).FinishReason);
    }

    [Theory]
    [InlineData("one wish and more", false, 1, "wish")]
    [InlineData("one wwish and more", false, 1, "wish")]
    [InlineData("one wish and more", true, 1, "wish")]
    [InlineData("ababac and more", false, 1, "abac", "bb")]
    [InlineData("a wiz and a wish.", false, 1, "wish", "wizard", "z and a wish")]
    [InlineData("é€ 😀🙂 more", false, 1, "😀🙂")]
    [InlineData("wish, a wish too", false, 7, "wish")]
    public async Task A_stop_string_that_began_before_a_run_was_continued_ends_it_all_the_same(string text, bool keeps, int least, params string[] stops)
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel { Script = FakeModel.Say(text, 1) }, "p", tokens: 40);
        request = request with
        {
            Stopping = request.Stopping with { StopStrings = [.. stops], IncludeStopString = keeps },
            Sampling = new SamplingOptions().With(MinNewTokensStage.Least, least - 1),
        };
        using var whole = engine.Generate(request);
        var steps = await whole.ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal(FinishReason.StopString, whole.Summary!.FinishReason);
        for (var cut = 1; cut < steps.Length; cut++)
        {
            using var first = engine.Generate(request with { Stopping = request.Stopping with { MaxNewTokens = cut } });
            var begun = await first.ToEnd(TestContext.Current.CancellationToken);
            var goesOn = request with { ContinuedIds = [.. begun.Select(step => step.Id)] };
            using var rest = engine.Generate(goesOn);
            var ended = await rest.ToEnd(TestContext.Current.CancellationToken);
            Assert.Equal(steps[cut..].Select(step => step.Id), ended.Select(step => step.Id));
            Assert.Equal(whole.Summary.Stop, rest.Summary!.Stop);

            // What was shown before the cut cannot be taken back; nothing is shown twice.
            var shown = string.Concat(begun.Concat(ended).Select(step => step.Released));
            Assert.StartsWith(whole.Summary.Text, shown, StringComparison.Ordinal);
            Assert.Equal(Math.Max(whole.Summary.Text.Length, first.Summary!.Text.Length), shown.Length);
            Assert.Equal(rest.Summary.Text, string.Concat(ended.Select(step => step.Released)));

            var found = (await new BestOfN(engine, goesOn, new BestOfOptions { Count = 1 }).LastAsync(TestContext.Current.CancellationToken)).Returned[0];
            Assert.Equal((rest.Summary.Text, rest.Summary.FinishReason), (found.Text, found.FinishReason));
        }
    }

    [Fact]
    public async Task What_was_held_back_and_shown_at_the_end_is_not_shown_again_where_the_run_goes_on()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel { Script = FakeModel.Say("abcabd", 1) }, "p", tokens: 5);
        request = request with { Stopping = request.Stopping with { StopStrings = ["abx"] } };
        using var first = engine.Generate(request);
        var begun = await first.ToEnd(TestContext.Current.CancellationToken);
        using var rest = engine.Generate(request with { ContinuedIds = [.. begun.Select(step => step.Id)], Stopping = request.Stopping with { MaxNewTokens = 1 } });
        await rest.ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal(("abcab", "d"), (first.Summary!.Text, rest.Summary!.Text));
    }

    [Theory]
    [InlineData("stop_below_probability")]
    [InlineData("stop_above_entropy")]
    [InlineData("repetition")]
    public async Task A_continued_run_ends_where_it_would_have_had_it_gone_on(string criterion)
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel { Script = criterion == "repetition" ? FakeModel.Say("xyzabcabcabcabc", 1) : null };
        var request = Runs.Request(model, "p", tokens: 15);
        var stopping = criterion switch
        {
            "repetition" => request.Stopping with { RepetitionMaxPatternSize = 5 },
            "stop_below_probability" => request.Stopping with { StopBelowProbability = 1, StopBelowProbabilityTokens = 8 },
            _ => request.Stopping with { StopAboveEntropy = 0.001, StopAboveEntropyTokens = 8 },
        };
        request = request with { Stopping = stopping };
        using var whole = engine.Generate(request);
        var steps = await whole.ToEnd(TestContext.Current.CancellationToken);
        Assert.InRange(steps.Length, 8, 14);
        for (var cut = 1; cut < steps.Length; cut++)
        {
            using var rest = engine.Generate(request with
            {
                ContinuedIds = [.. steps[..cut].Select(step => step.Id)],
                ContinuedConfidences = [.. steps[..cut].Select(step => new TokenConfidence(step.Probability, step.Entropy))],
            });
            Assert.Equal(steps[cut..].Select(step => step.Id), (await rest.ToEnd(TestContext.Current.CancellationToken)).Select(step => step.Id));
            Assert.Equal(whole.Summary!.Stop, rest.Summary!.Stop);
        }
    }

    [Theory]
    [InlineData("\n", 0, "ab")]
    [InlineData("\n", 2, "ab")]
    [InlineData("\n", 3, "ab\ncd")]
    [InlineData("\n", 5, "ab\ncd")]
    [InlineData("\n", 6, "ab\ncd\nefgh")]
    [InlineData("b\nc", 3, "a")]
    [InlineData("b\nc", 4, "ab\ncd\nefgh")]
    [InlineData("a", 1, "ab\ncd\nefgh")]
    [InlineData("h", 2_000_000_000, "ab\ncd\nefgh")]
    public async Task Minimum_new_tokens_hold_against_stop_strings_in_runs_and_in_searches(string stop, int least, string expected)
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel { Script = FakeModel.Say("ab\ncd\nefgh", 1) }, "p") with
        {
            Sampling = new SamplingOptions().With(MinNewTokensStage.Least, least),
            Stopping = new StoppingOptions { StopStrings = [stop], MaxNewTokens = 10 },
        };
        using var run = engine.Generate(request);
        var steps = await run.ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal(expected, run.Summary!.Text);
        Assert.Equal(expected, string.Concat(steps.Select(step => step.Released)));
        Assert.Equal(expected.Length == 10 ? FinishReason.Length : FinishReason.StopString, run.Summary.FinishReason);

        var beams = await new BeamSearch(engine, request, new BeamSearchOptions { NumBeams = 1 }).LastAsync(TestContext.Current.CancellationToken);
        var best = await new BestOfN(engine, request, new BestOfOptions { Count = 2 }).LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal([expected, expected], new[] { beams.Returned[0].Text, best.Returned[0].Text });

        // Of a text that is continued the minimum counts from its first token.
        for (var cut = 1; stop.Length == 1 && cut < Math.Min(steps.Length, least); cut++)
        {
            using var rest = engine.Generate(request with
            {
                ContinuedIds = [.. steps[..cut].Select(step => step.Id)],
                Stopping = request.Stopping with { MaxNewTokens = 10 - cut },
            });
            Assert.Equal(steps[cut..].Select(step => step.Id), (await rest.ToEnd(TestContext.Current.CancellationToken)).Select(step => step.Id));
        }
    }

    [Theory]
    [InlineData(0, 4, 1)]
    [InlineData(4, 4, 4)]
    [InlineData(5, 8, 5)]
    [InlineData(8, 8, 8)]
    [InlineData(100, 9, 9)]
    public async Task Minimum_new_tokens_hold_against_loops_and_unsure_tokens_but_not_against_limits(int least, int loop, int unsure)
    {
        using var engine = new GenerationEngine();
        async Task<int> LengthOf(FakeModel model, StoppingOptions stopping)
        {
            var request = Runs.Request(model, "p") with { Sampling = new SamplingOptions().With(MinNewTokensStage.Least, least), Stopping = stopping };
            return (await Runs.IdsOf(engine, request)).Length;
        }

        // Two copies of a pair stand at the end of four tokens and of eight.
        var options = new StoppingOptions { MaxNewTokens = 9 };
        Assert.Equal(loop, await LengthOf(
            new FakeModel { Script = FakeModel.Say("ababxyxyz", 1) }, options with { RepetitionMaxPatternSize = 2, RepetitionMinCount = 2 }));
        Assert.Equal(unsure, await LengthOf(new FakeModel(), options with { StopBelowProbability = 1, StopBelowProbabilityTokens = 1 }));
        Assert.Equal(unsure, await LengthOf(new FakeModel(), options with { StopAboveEntropy = 0.001, StopAboveEntropyTokens = 1 }));
        Assert.Equal(3, await LengthOf(new FakeModel(contextLength: 4), options with { StopBelowProbability = 1, StopBelowProbabilityTokens = 4 }));
    }

    [Fact]
    public async Task Samples_of_best_of_n_end_as_runs_of_their_own_do()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel(), tokens: 30) with
        {
            Stopping = new StoppingOptions { MaxNewTokens = 30, StopBelowProbability = 0.05, StopBelowProbabilityTokens = 2, RepetitionMaxPatternSize = 3, RepetitionMinCount = 2 },
        };
        var last = await new BestOfN(engine, request, new BestOfOptions { Count = 8, NumReturnSequences = 8 }).LastAsync(TestContext.Current.CancellationToken);
        Assert.Contains(last.Returned, beam => beam.FinishReason == FinishReason.LowProbability);
        foreach (var beam in last.Returned)
        {
            using var run = engine.Generate(request with { Seed = request.Seed + (ulong)beam.Group });
            Assert.Equal((await run.ToEnd(TestContext.Current.CancellationToken)).Select(step => step.Id), beam.Ids);
            Assert.Equal(run.Summary!.FinishReason, beam.FinishReason);
        }
    }

    [Fact]
    public async Task A_beam_that_repeats_itself_ends_and_confidence_is_refused_in_beam_search()
    {
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel { Script = FakeModel.Say("xabababab", 1) }, "p", tokens: 9);
        request = request with { Sampling = new(), Stopping = request.Stopping with { RepetitionMaxPatternSize = 2, RepetitionMinCount = 3 } };
        var last = await new BeamSearch(engine, request, new BeamSearchOptions { NumBeams = 1 }).LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal((7, FinishReason.Repetition), (last.Returned[0].Ids.Length, last.Returned[0].FinishReason));

        foreach (var parameter in new[] { LowProbabilityRule.Probability, HighEntropyRule.Entropy })
        {
            var error = Assert.Throws<SettingException>(() =>
                new BeamSearch(engine, request with { Stopping = request.Stopping.With(parameter, 0.5) }, new BeamSearchOptions()));
            Assert.StartsWith(parameter.Name, error.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<(System.Collections.Immutable.ImmutableArray<TokenStep> Steps, GenerationRun Run)> Say(
        string text, StoppingOptions stopping)
    {
        var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(new FakeModel { Script = FakeModel.Say(text, 1) }, "p") with { Stopping = stopping });
        return (await run.ToEnd(), run);
    }
}
