using System.Numerics.Tensors;
using System.Text.Json;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Fifteen architectures against PyTorch.</summary>
public sealed class ZooConformanceTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Names => [.. TestModels.ZooDecoders];

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_of_every_position_are_those_of_the_reference(string name)
    {
        using var decoder = TestModels.Load(TestFiles.Zoo(name));
        Assert.Equal(ModelKind.ConcatCacheDecoder, decoder.Kind);
        foreach (var reference in ReferenceCase.Read(TestFiles.Zoo(name)))
        {
            using var session = decoder.StartSession();
            var logits = session.Forward(reference.Ids, TestModels.Cancellation);
            Assert.Equal(reference.Ids.Length, logits.Positions);
            for (var i = 0; i < logits.Positions; i++)
            {
                for (var column = 0; column < reference.Logits[i].Length; column++)
                    Assert.Equal(reference.Logits[i][column], logits[i][column], Tolerance);
                Assert.Equal(reference.Argmax[i], TensorPrimitives.IndexOfMax(logits[i]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Greedy_decoding_token_by_token_is_that_of_the_reference(string name)
    {
        // Every reference has its full 24 new tokens and no end among them, also where the end has the largest logit
        // (mistral, phi): it was made with a least number of new tokens, which forbids the end.
        var end = EndOfSequence(TestFiles.Zoo(name));
        using var decoder = TestModels.Load(TestFiles.Zoo(name));
        foreach (var reference in ReferenceCase.Read(TestFiles.Zoo(name)))
        {
            using var session = decoder.StartSession();
            List<int> ids = [.. reference.Ids];
            var next = BestBesides(end, session.Forward(reference.Ids, TestModels.Cancellation).Last);
            while (ids.Count < reference.Greedy.Length)
            {
                ids.Add(next);
                next = BestBesides(end, session.Forward([next], TestModels.Cancellation).Last);
            }

            Assert.Equal(reference.Greedy, ids);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Reading_step_by_step_gives_the_logits_of_reading_at_once(string name)
    {
        using var decoder = TestModels.Load(TestFiles.Zoo(name));
        var tokens = TestModels.Tokens(decoder, 90);
        using var bulk = decoder.StartSession();
        using var steps = decoder.StartSession();
        var all = bulk.Forward(tokens, TestModels.Cancellation);
        float largest = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            var one = steps.Forward(tokens.AsSpan(i, 1), TestModels.Cancellation);
            largest = Math.Max(largest, TestLogits.LargestDifference(one.Last, all[i]));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: largest difference {largest:G3}");
        Assert.InRange(largest, 0, 4e-5f);
    }

    private static int BestBesides(int excluded, ReadOnlySpan<float> logits)
    {
        var copy = logits.ToArray();
        copy[excluded] = float.NegativeInfinity;
        return TensorPrimitives.IndexOfMax<float>(copy);
    }

    private static int EndOfSequence(string directory)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "generation_config.json")));
        var end = config.RootElement.GetProperty("eos_token_id");
        return end.ValueKind == JsonValueKind.Array ? end[0].GetInt32() : end.GetInt32();
    }
}
