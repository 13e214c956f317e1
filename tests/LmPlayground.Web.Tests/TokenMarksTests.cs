using System.Collections.Immutable;
using LmPlayground.Generation;
using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Inspection;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Stopping;
using LmPlayground.Web.Components.Controls;

namespace LmPlayground.Web.Tests;

public class TokenMarksTests
{
    private static readonly SamplingOptions Narrow = new SamplingOptions().With(TopKStage.K, 3);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(70)]
    [InlineData(0)]
    public async Task What_if_marks_sit_on_their_own_tokens_once_logits_were_let_go(int kept)
    {
        const int tokens = 70;
        var (steps, all) = await RunAsync(tokens, tokens);
        var (_, few) = await RunAsync(tokens, kept);
        Assert.Equal((tokens, kept), (all.Length, few.Length));
        Assert.Contains(all, outcome => outcome.RemovedBy is not null);
        for (var start = 0; start < tokens; start += TokenChunk.Size)
        {
            var (expected, actual) = (TokenMarks.Of(all, steps, start), TokenMarks.Of(few, steps, start));
            for (var i = 0; i < TokenChunk.Size; i++)
            {
                var isKept = start + i >= tokens - kept && start + i < tokens;
                Assert.Equal((isKept && expected.IsRemoved(i), isKept && expected.IsRedrawn(i)), (actual.IsRemoved(i), actual.IsRedrawn(i)));
                Assert.Equal(isKept ? all[start + i] : null, few.OfStep(start + i));
            }
        }
    }

    [Fact]
    public void An_outcome_is_found_by_its_step_wherever_the_gaps_are()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            int[] indices = [.. Enumerable.Range(0, random.Next(0, 20)).Where(_ => random.Next(3) > 0)];
            ImmutableArray<StepOutcome> outcomes = [.. indices.Select(index => new StepOutcome(index, null, 0, index))];
            Assert.All(Enumerable.Range(-1, 22), index => Assert.Equal(indices.Contains(index) ? index : null, outcomes.OfStep(index)?.DrawnId));
        }
    }

    private static async Task<(ImmutableArray<TokenStep> Steps, ImmutableArray<StepOutcome> Outcomes)> RunAsync(int tokens, int kept)
    {
        using var engine = new GenerationEngine(new GenerationOptions { KeptLogitsBytes = kept * FakeModel.VocabularySize * sizeof(float) });
        using var run = engine.Generate(new GenerationRequest
        {
            Model = new FakeModel(),
            PromptIds = [1, 2, 3],
            Stopping = new StoppingOptions { MaxNewTokens = tokens },
            Seed = 5,
        });
        var steps = new List<TokenStep>();
        await foreach (var step in run.WithCancellation(TestContext.Current.CancellationToken))
            steps.Add(step);
        return ([.. steps], new RunReview(run, steps).Compare(Narrow, TestContext.Current.CancellationToken));
    }
}
