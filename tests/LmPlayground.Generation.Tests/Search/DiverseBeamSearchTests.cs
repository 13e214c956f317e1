using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;

namespace LmPlayground.Generation.Tests.Search;

public class DiverseBeamSearchTests
{
    [Fact]
    public async Task The_first_group_is_plain_beam_search()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = TinyModels.Random(seed, [0]);
            var plain = await TinyModels.Search(model, new BeamSearchOptions { NumBeams = 2, NumReturnSequences = 2 }, 6);
            var diverse = await TinyModels.Search(
                model, new BeamSearchOptions { NumBeams = 6, NumBeamGroups = 3, DiversityPenalty = 0.7, NumReturnSequences = 6 }, 6);
            Assert.Equal(
                plain.Returned.Select(beam => (string.Join(' ', beam.Ids), beam.Score)),
                diverse.Finished.Where(beam => beam.Group == 0).Select(beam => (string.Join(' ', beam.Ids), beam.Score)));
        }
    }

    [Fact]
    public async Task A_group_pays_for_each_beam_of_earlier_groups_that_took_its_token_and_keeps_paying()
    {
        // One beam a group, no end: the first group takes 1 (0.6). For the second 1 costs 0.5: ln 0.6 - 0.5 = -1.011 is still better than ln 0.3 = -1.204.
        // For the third it costs 1.0, -1.511, so that it takes 2.
        var model = TinyModels.Of(_ => [0.1, 0.6, 0.3]);
        var last = await TinyModels.Search(
            model, new BeamSearchOptions { NumBeams = 3, NumBeamGroups = 3, DiversityPenalty = 0.5, NumReturnSequences = 3, LengthPenalty = 0 }, 2);
        Assert.Equal([[1, 1], [1, 1], [2, 2]], last.Returned.OrderBy(beam => beam.Group).Select(beam => beam.Ids.ToArray()));
        double[] expected = [2 * Math.Log(0.6), 2 * (Math.Log(0.6) - 0.5), 2 * Math.Log(0.3)];
        var scores = last.Returned.OrderBy(beam => beam.Group).Select(beam => beam.Score).ToArray();
        for (var group = 0; group < 3; group++)
            Assert.Equal(expected[group], scores[group], 1e-6);
    }

    [Fact]
    public async Task A_great_penalty_makes_the_groups_differ_in_every_token()
    {
        using var engine = new GenerationEngine();
        var options = new BeamSearchOptions { NumBeams = 3, NumBeamGroups = 3, DiversityPenalty = 100, NumReturnSequences = 3 };
        var steps = await new BeamSearch(engine, Runs.Request(new FakeModel(), tokens: 6), options).ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal(6, steps.Length);
        foreach (var step in steps.SkipLast(1))
            Assert.Equal(3, step.Live.Select(beam => beam.Ids[^1]).Distinct().Count());
    }

    [Fact]
    public async Task A_group_that_has_ended_lets_the_others_go_on()
    {
        // The first group takes 1, after which the end is likely; the second one must begin with 2, after which it is not.
        var model = TinyModels.Of(history => history.Count == 2 ? [0.1, 0.6, 0.3] : history[2] == 1 ? [0.9, 0.06, 0.04] : [0.01, 0.9, 0.09], [0]);
        using var engine = new GenerationEngine();
        var options = new BeamSearchOptions
        {
            NumBeams = 2,
            NumBeamGroups = 2,
            DiversityPenalty = 5,
            NumReturnSequences = 2,
            EarlyStopping = EarlyStopping.WhenFull,
        };
        var steps = await new BeamSearch(engine, TinyModels.Request(model), options).ToEnd(TestContext.Current.CancellationToken);
        Assert.Equal(4, steps.Length);
        Assert.Equal([1, 0], steps[1].Finished.Single(beam => beam.Group == 0).Ids);
        // At its last step the first group's beam would have gone on with 1, for which the second one still pays.
        Assert.Equal([2, 2, 1, 1], steps[^1].Returned.Single(beam => beam.Group == 1).Ids);
        Assert.DoesNotContain(steps.Skip(2).SelectMany(step => step.Live), beam => beam.Group == 0);
    }
}
