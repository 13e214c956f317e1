using System.Diagnostics;
using System.Numerics.Tensors;
using LmPlayground.Models.Onnx.Sessions;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>The real model: 4-bit weights, GroupQueryAttention, a vocabulary of 49,152.</summary>
public sealed class SmolLm2Tests : IClassFixture<SmolLm2Tests.Model>
{
    private readonly Model _model;
    private readonly ITestOutputHelper _output;

    public SmolLm2Tests(Model model, ITestOutputHelper output)
    {
        _model = model;
        _output = output;
    }

    private static CancellationToken Cancellation => TestModels.Cancellation;

    [Fact]
    public void Is_found_to_have_a_shared_cache()
    {
        var decoder = _model.Get();
        Assert.Equal(ModelKind.SharedCacheDecoder, decoder.Kind);
        Assert.Equal(49152, decoder.VocabularySize);
        Assert.Equal(8192, decoder.ContextLength);
        Assert.Equal("llama", decoder.Architecture);
        Assert.Equal(["model.onnx", "model.onnx.data"], decoder.Files);
        Assert.False(decoder.DependsOnBatch);
    }

    [Fact]
    public void Greedy_decoding_is_that_of_the_reference_wherever_its_margin_is_clear()
    {
        var decoder = _model.Get();
        foreach (var reference in ReferenceCase.Read(SharedFiles.SmolLm2))
        {
            using var session = decoder.StartSession();
            var last = session.Forward(reference.Ids, Cancellation).Last;
            foreach (var (id, logit) in reference.LastTop)
                Assert.Equal(logit, last[id], 0.05f);
            for (var i = 0; i < reference.Greedy.Length; i++)
            {
                var best = TensorPrimitives.IndexOfMax(last);
                if (best != reference.Greedy[i])
                {
                    Assert.True(reference.Margins[i] < 0.1, $"{reference.Prompt}: token {i} is {best}, not {reference.Greedy[i]}");
                    break;
                }

                int[] next = [best];
                last = session.Forward(next, Cancellation).Last;
            }
        }
    }

    [Fact]
    public void A_cancelled_prefill_leaves_the_session_as_it_was()
    {
        var decoder = _model.Get();
        var prompt = TestModels.Tokens(decoder, 24);
        using var session = decoder.StartSession();
        session.Read(prompt);
        using CancellationTokenSource source = new();
        long cancelled = 0;
        source.Token.Register(() => cancelled = Stopwatch.GetTimestamp());
        source.CancelAfter(TimeSpan.FromMilliseconds(100));

        Assert.ThrowsAny<OperationCanceledException>(() => session.Forward(TestModels.Tokens(decoder, 2000, seed: 2), source.Token));

        var latency = Stopwatch.GetElapsedTime(cancelled);
        _output.WriteLine($"stopped {latency.TotalMilliseconds:F1} ms after the cancellation");
        Assert.InRange(latency, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(prompt.Length, session.Length);
        using var fresh = decoder.StartSession();
        fresh.Read(prompt);
        var more = TestModels.Tokens(decoder, 6, seed: 3);
        Assert.Equal(fresh.Read(more), session.Read(more));
        Assert.Equal(fresh.ReadSteps(more), session.ReadSteps(more));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    public void Parts_of_two_and_more_tokens_give_the_bits_of_reading_at_once(int part)
    {
        // 129 tokens, below, are two runs of 64 and one token: which must not be read alone.
        var decoder = _model.Get();
        var tokens = TestModels.Tokens(decoder, part == 2 ? 130 : 131);
        using var atOnce = decoder.StartSession();
        using var inParts = decoder.StartSession();
        var expected = atOnce.Read(tokens);
        for (var start = 0; start < tokens.Length; start += part)
        {
            var count = Math.Min(part, tokens.Length - start);
            Assert.Equal(expected[start..(start + count)], inParts.Read(tokens.AsSpan(start, count)));
        }

        using var odd = decoder.StartSession();
        Assert.Equal(expected[..129], odd.Read(tokens.AsSpan(0, 129)));
    }

    [Fact]
    public void The_buffer_grows_without_changing_a_bit()
    {
        var decoder = _model.Get();
        var tokens = TestModels.Tokens(decoder, 520);
        using var grown = decoder.StartSession();
        using var large = decoder.StartSession();

        // One that had to make room for a longer text, and went back, computes with the larger buffer from the start.
        large.Read(TestModels.Tokens(decoder, 600, seed: 2));
        large.RewindTo(0);
        Assert.Equal(large.Read(tokens.AsSpan(0, 64)), grown.Read(tokens.AsSpan(0, 64)));
        for (var start = 64; start < 512; start += 64)
        {
            large.Forward(tokens.AsSpan(start, 64), Cancellation);
            grown.Forward(tokens.AsSpan(start, 64), Cancellation);
        }

        Assert.Equal(large.ReadSteps(tokens.AsSpan(512)), grown.ReadSteps(tokens.AsSpan(512)));
    }

    /// <summary>Loads once for all tests here.</summary>
    public sealed class Model : IDisposable
    {
        private OnnxDecoder? _decoder;

        public OnnxDecoder Get() => _decoder ??= TestModels.Load(SharedFiles.SmolLm2);

        public void Dispose() => _decoder?.Dispose();
    }
}
