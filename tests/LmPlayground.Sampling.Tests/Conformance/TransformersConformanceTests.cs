using System.Runtime.InteropServices;
using System.Text.Json;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sampling.Tests.Support;

namespace LmPlayground.Sampling.Tests.Conformance;

/// <summary>Chains on hard logits whose kept sets were computed by Hugging Face transformers.</summary>
public class TransformersConformanceTests
{
    [Fact]
    public void Every_chain_keeps_what_transformers_keeps_after_every_stage()
    {
        var file = TestFiles.Fixture("conformance", "sampling.json");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var compared = 0;
        foreach (var (test, index) in document.RootElement.GetProperty("cases").EnumerateArray().Select((test, index) => (test, index)))
        {
            var logits = MemoryMarshal.Cast<byte, float>(test.GetProperty("logits_f32_base64").GetBytesFromBase64()).ToArray();
            int[] history = [.. test.GetProperty("history").EnumerateArray().Select(id => id.GetInt32())];
            var options = new SamplingOptions { Order = new StageOrder() };
            foreach (var step in test.GetProperty("chain").EnumerateArray())
            {
                var stage = SamplingStages.Find(step.GetProperty("stage").GetString()!)!;
                options = (options with { Order = new StageOrder([.. options.Order.Stages, stage.Name]) })
                    .With(stage.Parameters[0], step.GetProperty("value").GetDouble());
                var chain = new SamplerChain(options);
                chain.Run(logits, new SamplingContext(history, history.Length, 0));
                Assert.Equal(step.GetProperty("count").GetInt32(), chain.Candidates.Count);

                // Sets that are too large to list are there by their count.
                if (step.GetProperty("kept") is { ValueKind: JsonValueKind.Array } kept)
                    Assert.True(kept.EnumerateArray().Select(id => id.GetInt32()).SequenceEqual(chain.Kept()), $"case {index} after {stage.Name}");
                var top = step.GetProperty("probabilities_top") is { ValueKind: JsonValueKind.Array } list
                    ? list.EnumerateArray().Select(p => p.GetDouble()).ToArray()
                    : [];
                AssertProbabilities(top, [.. chain.Kept().Select(chain.Candidates.Probability).OrderDescending()]);
                compared++;
            }
        }

        Assert.Equal(531, compared);
    }

    private static void AssertProbabilities(double[] expected, double[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], i < actual.Length ? actual[i] : 0, 1e-5);
    }
}
