using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;

namespace LmPlayground.Generation.Tests.Search;

/// <summary>Beam search against every sequence there is: five tokens, four long.</summary>
public class BeamSearchExhaustiveTests
{
    private const int All = 625;

    [Theory]
    [InlineData(1, false, 1)]
    [InlineData(2, false, 0)]
    [InlineData(3, true, 1)]
    [InlineData(4, true, 0)]
    [InlineData(5, true, 2.5)]
    [InlineData(6, true, -1)]
    public async Task With_enough_beams_every_sequence_is_found_and_ranked_by_its_score(int seed, bool tokenZeroEnds, double lengthPenalty)
    {
        var model = TinyModels.Random(seed, tokenZeroEnds ? [0] : []);
        var last = await TinyModels.Search(
            model, new BeamSearchOptions { NumBeams = All, NumReturnSequences = All, LengthPenalty = lengthPenalty });
        var expected = TinyModels.Enumerate(model, 4, tokenZeroEnds)
            .Select(one => (one.Ids, one.Sum, Score: one.Sum / Math.Pow(one.Ids.Length, lengthPenalty)))
            .OrderByDescending(one => one.Score)
            .ToList();
        Assert.Equal(tokenZeroEnds ? 341 : All, expected.Count);
        Assert.Equal(expected.Select(one => string.Join(' ', one.Ids)), last.Returned.Select(beam => string.Join(' ', beam.Ids)));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Score, last.Returned[i].Score, 1e-5);
            Assert.Equal(expected[i].Sum, last.Returned[i].LogProbabilities.Sum(), 1e-5);
        }
    }

    [Fact]
    public async Task Fewer_beams_never_score_better_and_sometimes_worse()
    {
        var worse = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var model = TinyModels.Random(seed, [0]);
            var best = TinyModels.Enumerate(model, 4, true).Max(one => one.Sum / one.Ids.Length);
            for (var beams = 1; beams <= 8; beams++)
            {
                var found = (await TinyModels.Search(model, new BeamSearchOptions { NumBeams = beams })).Returned[0];
                Assert.True(found.Score <= best + 1e-6, $"seed {seed}, {beams} beams: {found.Score} > {best}");
                worse += found.Score < best - 1e-6 ? 1 : 0;
            }
        }

        Assert.InRange(worse, 1, 200);
    }

    [Fact]
    public async Task A_greater_length_penalty_never_shortens_the_best_sequence()
    {
        var lengths = new HashSet<int>();
        for (var seed = 0; seed < 30; seed++)
        {
            var model = TinyModels.Random(seed, [0]);
            var earlier = 0;
            foreach (var penalty in new[] { -2.0, -0.5, 0, 0.5, 1, 2, 4 })
            {
                var found = await TinyModels.Search(model, new BeamSearchOptions { NumBeams = All, LengthPenalty = penalty });
                Assert.True(found.Returned[0].Ids.Length >= earlier);
                earlier = found.Returned[0].Ids.Length;
                lengths.Add(earlier);
            }
        }

        Assert.True(lengths.Count > 1);
    }
}
