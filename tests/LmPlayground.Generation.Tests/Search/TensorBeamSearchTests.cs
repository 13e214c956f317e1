using LmPlayground.Generation.Search;
using LmPlayground.Generation.Tests.Support;

namespace LmPlayground.Generation.Tests.Search;

/// <summary>
/// Beam search against a second one written after the tensors of transformers 4.57, where sequences end at all times: what the zoo's references
/// do not show, since theirs are all equally long.
/// </summary>
public class TensorBeamSearchTests
{
    public static TheoryData<EarlyStopping, double> Settings =>
        new MatrixTheoryData<EarlyStopping, double>(Enum.GetValues<EarlyStopping>(), [-1, 0, 0.5, 1, 2]);

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Sequences_scores_and_the_number_of_steps_are_the_same(EarlyStopping early, double lengthPenalty)
    {
        var lengths = new HashSet<int>();
        for (var seed = 0; seed < 60; seed++)
        {
            var options = new BeamSearchOptions
            {
                NumBeams = 2 + seed % 3,
                NumReturnSequences = 2 + seed % 3,
                EarlyStopping = early,
                LengthPenalty = lengthPenalty,
            };
            var model = TinyModels.Random(seed, [0]);
            var (expected, steps) = TensorBeamSearch.Run(model, options, 9);
            var actual = await TinyModels.Search(model, options, 9);
            Assert.Equal(expected.Select(one => string.Join(' ', one.Ids)), actual.Returned.Select(beam => string.Join(' ', beam.Ids)));
            Assert.Equal(steps, actual.Length);
            for (var i = 0; i < expected.Count; i++)
                Assert.Equal(expected[i].Score, actual.Returned[i].Score, 1e-5);
            lengths.UnionWith(actual.Returned.Select(beam => beam.Ids.Length));
        }

        Assert.True(lengths.Count > 1);
    }
}
