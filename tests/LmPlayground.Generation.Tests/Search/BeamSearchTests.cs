using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Parameters;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;

namespace LmPlayground.Generation.Tests.Search;

public class BeamSearchTests
{
    [Fact]
    public async Task Stages_that_need_the_vocabulary_run_and_one_that_follows_draws_is_refused()
    {
        using var engine = new GenerationEngine();
        var model = new FakeModel(endOfSequence: [.. Enumerable.Range(0, 128)]);
        var request = Runs.Request(model, tokens: 8) with { Sampling = new SamplingOptions().With(MinNewTokensStage.Least, 6) };
        var last = await new BeamSearch(engine, request, new BeamSearchOptions { NumBeams = 3 }).LastAsync(TestContext.Current.CancellationToken);
        Assert.All(last.Returned, beam => Assert.True(beam.Ids.Length > 6));

        var adaptive = new SamplingOptions { Order = StageOrder.Transformers.Including("mirostat_v2") }.With(MirostatV2Stage.Tau, 3);
        var error = await Assert.ThrowsAsync<SettingException>(
            () => new BeamSearch(engine, request with { Sampling = adaptive }, new BeamSearchOptions { NumBeams = 3 }).ToEnd(TestContext.Current.CancellationToken));
        Assert.Contains("Mirostat", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_beam_is_greedy_decoding()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var model = TinyModels.Random(seed, [0]);
            using var engine = new GenerationEngine();
            var greedy = new SamplingOptions().With(TemperatureStage.Temperature, 0);
            var expected = await Runs.IdsOf(engine, TinyModels.Request(model, 8, greedy));
            foreach (var early in Enum.GetValues<EarlyStopping>())
            {
                var found = await TinyModels.Search(model, new BeamSearchOptions { NumBeams = 1, EarlyStopping = early, LengthPenalty = 3 }, 8);
                Assert.Equal(expected, found.Returned[0].Ids);
            }
        }
    }

    [Theory]
    [InlineData(EarlyStopping.WhenFull, 2)]
    [InlineData(EarlyStopping.Heuristic, 2)]
    [InlineData(EarlyStopping.Never, 4)]
    public async Task A_likely_end_stops_the_search_once_no_live_beam_can_win(EarlyStopping early, int steps)
    {
        // Two beams, p = (0.5 end, 0.3, 0.2). After two steps [0] has ln 0.5 and [1 0] has ln 0.15 / 2 = -0.949; the best live beam [1 1]
        // has ln 0.09: -1.204 at its length, but -0.482 at length 5; [1 1 1 1] has ln 0.0081 / 5 = -0.963, which loses at last.
        var last = await TinyModels.Search(
            TinyModels.Constant(0.5, 0.3, 0.2), new BeamSearchOptions { NumBeams = 2, NumReturnSequences = 2, EarlyStopping = early }, tokens: 5);
        Assert.Equal(steps, last.Length);
        Assert.Equal([[0], [1, 0]], last.Returned.Select(beam => beam.Ids.ToArray()));
        Assert.Equal(Math.Log(0.5), last.Returned[0].Score, 1e-6);
        Assert.Equal(Math.Log(0.15) / 2, last.Returned[1].Score, 1e-6);
        Assert.All(last.Returned, beam => Assert.Equal(FinishReason.EndOfSequence, beam.FinishReason));
    }

    [Theory]
    [InlineData(EarlyStopping.WhenFull, 2, "1 0", "0")]
    [InlineData(EarlyStopping.Heuristic, 4, "1 1 1 1", "1 1 1 0")]
    public async Task Early_stopping_takes_the_first_sequences_and_the_heuristic_waits_for_better_ones(
        EarlyStopping early, int steps, string first, string second)
    {
        var last = await TinyModels.Search(
            TinyModels.Constant(0.25, 0.6, 0.15), new BeamSearchOptions { NumBeams = 2, NumReturnSequences = 2, EarlyStopping = early });
        Assert.Equal(steps, last.Length);
        Assert.Equal([first, second], last.Returned.Select(beam => string.Join(' ', beam.Ids)));
    }

    [Fact]
    public async Task Waiting_longer_never_costs_score()
    {
        var differences = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var score = double.NegativeInfinity;
            foreach (var early in new[] { EarlyStopping.WhenFull, EarlyStopping.Heuristic, EarlyStopping.Never })
            {
                var found = await TinyModels.Search(TinyModels.Random(seed, [0]), new BeamSearchOptions { NumBeams = 3, EarlyStopping = early }, 8);
                Assert.True(found.Returned[0].Score >= score);
                differences += found.Returned[0].Score > score ? 1 : 0;
                score = found.Returned[0].Score;
            }
        }

        Assert.True(differences > 40);
    }

    [Fact]
    public async Task Only_what_ranks_among_the_first_beams_may_finish()
    {
        // Two beams and an end that is always the third candidate: nothing ends before the last step.
        var last = await TinyModels.Search(TinyModels.Constant(0.2, 0.5, 0.3), new BeamSearchOptions { NumBeams = 2, NumReturnSequences = 2 }, 2);
        Assert.Equal(["1 1", "1 2"], last.Returned.Select(beam => string.Join(' ', beam.Ids)));
        Assert.All(last.Returned, beam => Assert.Equal(FinishReason.Length, beam.FinishReason));
    }

    [Fact]
    public async Task Equal_scores_are_taken_by_beam_and_then_by_token()
    {
        var last = await TinyModels.Search(
            TinyModels.Of(_ => [0.25, 0.25, 0.25, 0.25]), new BeamSearchOptions { NumBeams = 3, NumReturnSequences = 3 }, 2);
        Assert.Equal(["0 0", "0 1", "0 2"], last.Returned.Select(beam => string.Join(' ', beam.Ids)));
    }

    [Fact]
    public async Task Stages_run_over_log_probabilities_and_their_result_is_not_normalised()
    {
        var model = TinyModels.Constant(0.1, 0.6, 0.3);
        var warm = new SamplingOptions().With(TemperatureStage.Temperature, 2);
        var found = (await TinyModels.Search(model, new BeamSearchOptions { NumBeams = 2, LengthPenalty = 0 }, 3, warm)).Returned[0];
        Assert.Equal([1, 1, 1], found.Ids);
        Assert.Equal(3 * Math.Log(0.6) / 2, found.Score, 1e-6);
        Assert.Equal(3 * Math.Log(0.6), found.LogProbabilities.Sum(), 1e-6);

        var single = new SamplingOptions().With(TopKStage.K, 1);
        var only = await TinyModels.Search(model, new BeamSearchOptions { NumBeams = 2, NumReturnSequences = 2 }, 3, single);
        Assert.Equal([1, 1, 1], Assert.Single(only.Returned).Ids);
    }

    [Fact]
    public async Task The_steps_make_a_tree()
    {
        using var engine = new GenerationEngine();
        var search = new BeamSearch(engine, TinyModels.Request(TinyModels.Random(3, [0]), 8), new BeamSearchOptions { NumBeams = 4, NumReturnSequences = 4 });
        var steps = await search.ToEnd(TestContext.Current.CancellationToken);
        BeamStep? before = null;
        foreach (var step in steps)
        {
            Assert.Equal(steps.IndexOf(step) + 1, step.Length);
            Assert.Equal(step == steps[^1], step.IsLast);
            Assert.Equal(step.IsLast ? 4 : 0, step.Returned.Length);
            foreach (var beam in step.Live.Concat(step.Finished.Where(beam => beam.Ids.Length == step.Length)))
            {
                Assert.Equal(before?.Live[beam.Parent].Ids ?? [], [.. beam.Ids.Take(step.Length - 1)]);
                Assert.Equal(before is null, beam.Parent == -1);
                Assert.Equal(beam.Sum, beam.LogProbabilities.Sum(), 1e-5);
                Assert.Equal(beam.Sum / beam.Ids.Length, beam.Score, 1e-12);
            }

            Assert.All(step.Live, beam => Assert.Null(beam.FinishReason));
            before = step;
        }
    }

    [Fact]
    public async Task A_stop_string_over_several_tokens_ends_a_beam_before_it()
    {
        // The model writes "abcdef" or, less likely, "abXdef".
        var request = TinyModels.Request(
            TinyModels.Of(history =>
            {
                var distribution = Enumerable.Repeat(1e-6, 128).ToArray();
                distribution["abcdefg"[history.Count - 2]] = 1;
                if (history.Count == 4)
                    distribution['X'] = 0.5;
                return distribution;
            }),
            6) with
        {
            Stopping = new StoppingOptions { MaxNewTokens = 6, StopStrings = ["cde", "Xd"] },
        };
        using var engine = new GenerationEngine();
        var last = await new BeamSearch(engine, request, new BeamSearchOptions { NumBeams = 2, NumReturnSequences = 2, EarlyStopping = EarlyStopping.WhenFull })
            .LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["ab", "ab"], last.Returned.Select(beam => beam.Text));
        Assert.Equal(["abcde", "abXd"], last.Returned.Select(beam => string.Concat(beam.Ids.Select(id => (char)id))));
        Assert.All(last.Returned, beam => Assert.Equal(FinishReason.StopString, beam.FinishReason));
    }

    [Fact]
    public async Task A_full_context_ends_every_beam()
    {
        using var engine = new GenerationEngine();
        var last = await new BeamSearch(engine, Runs.Request(new FakeModel(contextLength: 8), "abcd", 100), new BeamSearchOptions { NumReturnSequences = 4 })
            .LastAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, last.Length);
        Assert.All(last.Returned, beam => Assert.Equal((4, FinishReason.ContextFull), (beam.Ids.Length, beam.FinishReason)));
    }

    [Theory]
    [InlineData(0, 1, 1, 1, 0, "num_beams")]
    [InlineData(1025, 1, 1, 1, 0, "num_beams")]
    [InlineData(4, double.NaN, 1, 1, 0, "length_penalty")]
    [InlineData(4, 1, 5, 1, 0, "num_return_sequences")]
    [InlineData(4, 1, 0, 1, 0, "num_return_sequences")]
    [InlineData(4, 1, 1, 3, 1, "num_beam_groups")]
    [InlineData(4, 1, 1, 2, 0, "diversity_penalty")]
    [InlineData(4, 1, 1, 1, 1, "diversity_penalty")]
    [InlineData(4, 1, 1, 2, -1, "diversity_penalty")]
    public void Wrong_options_are_named(int beams, double lengthPenalty, int returned, int groups, double diversity, string name)
    {
        using var engine = new GenerationEngine();
        var options = new BeamSearchOptions
        {
            NumBeams = beams,
            LengthPenalty = lengthPenalty,
            NumReturnSequences = returned,
            NumBeamGroups = groups,
            DiversityPenalty = diversity,
        };
        var error = Assert.Throws<SettingException>(() => new BeamSearch(engine, TinyModels.Request(TinyModels.Random(1)), options));
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
    }
}
