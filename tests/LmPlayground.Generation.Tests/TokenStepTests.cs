using LmPlayground.Generation.Engine;
using LmPlayground.Generation.Tests.Support;
using LmPlayground.Sampling.Stages;

namespace LmPlayground.Generation.Tests;

public class TokenStepTests
{
    private const int Vocabulary = FakeModel.VocabularySize;

    [Fact]
    public async Task A_step_tells_the_truth_about_its_logits()
    {
        var logits = Logits();
        using var engine = new GenerationEngine();
        var run = engine.Generate(Runs.Request(new FakeModel { Script = _ => logits }, tokens: 40));
        var p = Softmax(logits);
        int[] order = [.. Enumerable.Range(0, Vocabulary).OrderByDescending(id => logits[id]).ThenBy(id => id)];
        foreach (var step in await run.ToEnd())
        {
            Assert.Equal(logits[step.Id], step.Logit);
            Assert.Equal(p[step.Id], step.Probability, 1e-12);
            Assert.Equal(-Math.Log2(p[step.Id]), step.Surprisal, 1e-9);
            Assert.Equal(-p.Sum(x => x * Math.Log2(x)), step.Entropy, 1e-9);
            Assert.Equal(Array.IndexOf(order, step.Id) + 1, step.Rank);
            Assert.InRange(step.Draw.U, step.Draw.Low, step.Draw.High);
            Assert.Equal(step.SampledProbability, step.Draw.High - step.Draw.Low, 1e-12);

            Assert.Equal(order.Take(10), step.Top.Take(10).Select(candidate => candidate.Id));
            Assert.Equal(step.Rank > 10 ? 11 : 10, step.Top.Length);
            Assert.Contains(step.Top, candidate => candidate.Id == step.Id && candidate.Rank == step.Rank && candidate.SampledProbability > 0);
            Assert.All(step.Top, candidate =>
            {
                Assert.Equal(order.Take(candidate.Rank).Sum(id => p[id]), candidate.CumulativeProbability, 1e-9);
                Assert.Equal(candidate.SampledProbability == 0, candidate.RemovedBy is not null);
            });
            Assert.Equal(Vocabulary, step.Top.Length + step.Others.Count);
            Assert.Equal(1, step.Top.Sum(candidate => candidate.Probability) + step.Others.Probability, 1e-9);
            Assert.Equal(1, step.Top.Sum(candidate => candidate.SampledProbability) + step.Others.SampledProbability, 1e-9);
            Assert.Equal(step.Stages[^1].Kept, step.Others.KeptCount + step.Top.Count(candidate => candidate.SampledProbability > 0));
            Assert.Equal("top_k", step.Others.RemovedBy);
        }
    }

    [Fact]
    public async Task A_token_far_down_the_order_is_listed_with_its_true_rank()
    {
        // Flat enough that most draws fall outside the ten that are listed.
        using var engine = new GenerationEngine();
        var request = Runs.Request(new FakeModel(), tokens: 20) with { Sampling = new SamplingOptions().With(TemperatureStage.Temperature, 5) };
        var far = (await engine.Generate(request).ToEnd()).Where(step => step.Rank > 10).ToList();
        Assert.NotEmpty(far);
        Assert.All(far, step => Assert.Equal((step.Id, step.Rank), (step.Top[^1].Id, step.Top[^1].Rank)));
    }

    [Fact]
    public async Task No_candidates_still_lists_the_chosen_one()
    {
        using var engine = new GenerationEngine();
        var step = (await engine.Generate(Runs.Request(new FakeModel(), tokens: 1) with { TopCandidates = 0 }).ToEnd())[0];
        Assert.Equal(step.Id, Assert.Single(step.Top).Id);
    }

    private static float[] Logits()
    {
        var random = new Random(8);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => MathF.Round((float)random.NextDouble() * 40) / 8)];
    }

    private static double[] Softmax(float[] logits)
    {
        var sum = logits.Sum(logit => Math.Exp(logit));
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
