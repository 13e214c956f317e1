using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Tests.Candidates;

/// <summary>What is computed many at a time has the bits of what is computed one by one.</summary>
public sealed class ManyProbabilitiesTests
{
    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 5, 5 }, { 97, 51 }, { 4096, 51 }, { 20_003, 50 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Probabilities_of_several_tokens_have_the_bits_of_each_alone(int size, int count)
    {
        var random = new System.Random(size);
        for (var round = 0; round < 20; round++)
        {
            var logits = Logits(random, size);
            var chain = new SamplerChain(new SamplingOptions()
                .With(TemperatureStage.Temperature, 0.3 + random.NextDouble())
                .With(TopKStage.K, 1 + random.Next(size))
                .With(TopPStage.P, 0.5 + random.NextDouble() / 2));
            chain.Run(logits, default);
            var ids = new int[count];
            TokenRanking.Top(logits, ids);
            ids[^1] = random.Next(size);
            var model = new double[count];
            var sampled = new double[count];
            TokenRanking.Probabilities(logits, ids, chain.ModelLogSum, model);
            chain.Candidates.Probabilities(ids, sampled);
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(Bits(TokenRanking.Probability(logits[ids[i]], chain.ModelLogSum)), Bits(model[i]));
                Assert.Equal(Bits(chain.Candidates.Probability(ids[i])), Bits(sampled[i]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rank_and_cumulative_probability_count_ties_by_id(int size, int count)
    {
        var random = new System.Random(size);
        var logits = Logits(random, size);
        var logSum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
        for (var round = 0; round < count; round++)
        {
            var id = random.Next(size);
            var rank = 1;
            var sum = 0.0;
            for (var i = 0; i < size; i++)
            {
                var isBefore = logits[i] > logits[id] || (logits[i] == logits[id] && i < id);
                rank += isBefore ? 1 : 0;
                if (isBefore || i == id)
                    sum += TokenRanking.Probability(logits[i], logSum);
            }

            Assert.Equal(rank, TokenRanking.RankOf(logits, id));
            Assert.Equal(Bits(Math.Min(1, sum)), Bits(TokenRanking.CumulativeProbability(logits, id, logSum)));
        }
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    /// <summary>Logits with many ties, and some that the model ruled out.</summary>
    private static float[] Logits(System.Random random, int size)
    {
        var logits = new float[size];
        for (var i = 0; i < size; i++)
            logits[i] = i > 0 && random.Next(10) == 0 ? float.NegativeInfinity : MathF.Round((float)(random.NextDouble() * 20 - 10), random.Next(3));
        return logits;
    }
}
