using System.Runtime.InteropServices;
using LmPlayground.Generation;
using LmPlayground.Runs.Jobs;
using LmPlayground.Sampling.Candidates;
using LmPlayground.Sampling.Tracing;

namespace LmPlayground.Runs.Tests.Jobs;

public class TokenStepSizeTests
{
    [Theory]
    [InlineData(50, 16)]
    [InlineData(50, 0)]
    [InlineData(5, 4)]
    [InlineData(1, 0)]
    public void The_estimate_is_near_the_bytes_that_a_step_allocates(int candidates, int stages)
    {
        _ = Step(candidates, stages);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var step = Step(candidates, stages);
        var real = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(TokenStepSize.Of(step), real * 0.9, real * 1.1);
    }

    private static TokenStep Step(int candidates, int stages)
    {
        var text = new string('x', candidates);
        var top = new TokenCandidate[candidates];
        for (var i = 0; i < candidates; i++)
            top[i] = new TokenCandidate(i, "label", i + 1, 0, 0, 0, 0, null);
        var traces = stages == 0 ? [] : new StageTrace[stages];
        return new TokenStep
        {
            Position = 0,
            Id = 1,
            Text = text,
            Released = text,
            Display = "label",
            Logit = 0,
            Probability = 0,
            SampledProbability = 0,
            Rank = 1,
            Surprisal = 0,
            Entropy = 0,
            Stages = ImmutableCollectionsMarshal.AsImmutableArray(traces),
            Draw = new TokenDraw(1, 0, 0, 1),
            Top = ImmutableCollectionsMarshal.AsImmutableArray(top),
            Others = new OtherTokens(0, 0, 0, 0, null),
        };
    }
}
