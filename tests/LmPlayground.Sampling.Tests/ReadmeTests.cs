using LmPlayground.Sampling.Stages;

namespace LmPlayground.Sampling.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_example_of_the_readme_runs_and_prints_what_stands_there()
    {
        using var Console = ReadmeSample.Output();

        // The README's example begins.
        float[] logits = [2.0f, 1.0f, 0.5f, -1.0f, -3.0f];
        int[] tokens = [4, 2];

        var options = new SamplingOptions()
            .With(TemperatureStage.Temperature, 0.7)
            .With(TopPStage.P, 0.9)
            .With(RepetitionPenaltyStage.Penalty, 1.3);
        var chain = new SamplerChain(options);
        chain.Run(logits, new SamplingContext(tokens, promptLength: 1, seed: 42));

        foreach (var stage in chain.Traces)
            Console.WriteLine($"{stage.Stage,-18} {stage.Kept} left, {stage.RemovedMass:F3} removed, {stage.EntropyAfter:F2} bits");

        var draw = TokenSampler.Draw(chain.Candidates, seed: 42, position: tokens.Length);
        Console.WriteLine($"token {draw.Id}: u = {draw.U:F3} falls between {draw.Low:F3} and {draw.High:F3}");
        // The README's example ends.

        ReadmeSample.Hold("LmPlayground.Sampling", "ReadmeTests.cs", Console.ToString());
    }
}
