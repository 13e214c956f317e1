using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests;

public class DrawTests
{
    [Fact]
    public void The_counts_of_many_draws_fit_the_probabilities()
    {
        float[] logits = [2, 1, 0.5f, 0, -1, -1, -3, -20];
        var chain = ChainRunner.Run(logits, new SamplingOptions().With(TemperatureStage.Temperature, 1.3));
        const int draws = 200_000;
        var counts = new int[logits.Length];
        for (var position = 0; position < draws; position++)
            counts[TokenSampler.Draw(chain.Candidates, 42, position).Id]++;

        // Pearson's chi-square over the cells with an expectation of at least 5: 6 degrees of freedom, 0.1 % point 22.46.
        var chiSquare = 0.0;
        for (var id = 0; id < 7; id++)
        {
            var expected = chain.Candidates.Probability(id) * draws;
            chiSquare += (counts[id] - expected) * (counts[id] - expected) / expected;
        }

        Assert.InRange(chiSquare, 0, 22.46);
    }

    [Theory]
    [MemberData(nameof(HardLogits.Seeds), MemberType = typeof(HardLogits))]
    public void A_draw_falls_between_the_cumulative_probabilities_of_its_token(int seed)
    {
        var logits = HardLogits.Make(seed);
        var chain = ChainRunner.Run(logits, new SamplingOptions().With(TopPStage.P, 0.9));
        for (var position = 0; position < 50; position++)
        {
            var draw = TokenSampler.Draw(chain.Candidates, (ulong)seed, position);
            Assert.True(chain.Candidates.Contains(draw.Id));
            Assert.InRange(draw.U, draw.Low - 1e-15, draw.High + 1e-15);
            Assert.Equal(chain.Candidates.Probability(draw.Id), draw.High - draw.Low, 1e-12);
        }
    }

    [Fact]
    public void A_u_of_0_draws_the_first_token_of_the_order_and_never_one_of_probability_0()
    {
        float[] logits = [float.NegativeInfinity, -1000, 0, 0, -1000];
        var chain = ChainRunner.Run(logits, new SamplingOptions());
        Assert.Equal(new TokenDraw(2, 0, 0, 0.5), chain.Candidates.Draw(0));
        Assert.Equal(3, chain.Candidates.Draw(0.5).Id);
        Assert.Equal(3, chain.Candidates.Draw(1 - Math.ScaleB(1, -53)).Id);
    }

    [Fact]
    public void The_same_seed_and_position_draw_the_same_token_whatever_was_drawn_before()
    {
        var logits = HardLogits.Make(6);
        var first = ChainRunner.Run(logits, new SamplingOptions());
        var once = TokenSampler.Draw(first.Candidates, 9, 17);
        for (var position = 0; position < 17; position++)
            TokenSampler.Draw(first.Candidates, 9, position);
        Assert.Equal(once, TokenSampler.Draw(first.Candidates, 9, 17));
        Assert.NotEqual(once.U, TokenSampler.Draw(first.Candidates, 10, 17).U);
    }
}
