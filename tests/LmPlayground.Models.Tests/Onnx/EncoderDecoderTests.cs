using System.Numerics.Tensors;
using System.Text.Json;
using LmPlayground.Models.Onnx;
using LmPlayground.Models.Onnx.Sessions;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Encoder-decoders against PyTorch, in each layout in which they are published.</summary>
public sealed class EncoderDecoderTests : IDisposable
{
    private const float Tolerance = 1e-4f;
    private static readonly int[] Text = [5, 17, 300, 41, 41, 9, 120, 77, 3, 500];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Layouts => new()
    {
        { "t5", "merged" }, { "t5", "separate" }, { "t5", "onnx" }, { "bart", "merged" }, { "bart", "separate" }, { "bart", "onnx" },
    };

    private static CancellationToken Cancellation => TestModels.Cancellation;

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Logits_and_greedy_decoding_are_those_of_the_reference(string name, string layout)
    {
        using OnnxEncoderDecoder model = Load(name, layout);
        Assert.Equal(layout != "separate", model.IsMerged);
        int end = Config(name).GetProperty("eos_token_id").GetInt32();
        foreach (ReferenceCase reference in ReferenceCase.Read(TestFiles.Zoo(name)))
        {
            using EncodedSource source = model.Encode(reference.Ids, Cancellation);
            using IDecoderSession session = source.StartSession();
            int next = reference.Greedy[0];
            float[] row = session.Read(next)[0];
            for (int column = 0; column < reference.Logits[0].Length; column++)
                Assert.Equal(reference.Logits[0][column], row[column], Tolerance);
            Assert.Equal(reference.Argmax[0], TensorPrimitives.IndexOfMax<float>(row));

            // The reference was made with a least number of new tokens, which forbids the end.
            List<int> ids = [next];
            while (ids.Count < reference.Greedy.Length)
            {
                row[end] = float.NegativeInfinity;
                ids.Add(next = TensorPrimitives.IndexOfMax<float>(row));
                row = session.Read(next)[0];
            }

            Assert.Equal(reference.Greedy, ids);
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Steps_bulk_reading_rewinding_and_forking_agree(string name, string layout)
    {
        using OnnxEncoderDecoder model = Load(name, layout);
        using EncodedSource source = model.Encode([7, 8, 9, 10, 1], Cancellation);
        using IDecoderSession bulk = source.StartSession();
        using IDecoderSession steps = source.StartSession();
        using IDecoderSession pieces = source.StartSession();
        int[] tokens = [.. Enumerable.Range(0, 90).Select(i => Text[i % Text.Length] + i)];
        float[][] expected = bulk.Read(tokens);
        AssertClose(expected, steps.ReadSteps(tokens));
        AssertClose(expected, [.. pieces.Read(tokens.AsSpan(0, 3)), .. pieces.Read(tokens.AsSpan(3, 20)), .. pieces.ReadSteps(tokens.AsSpan(23, 2)), .. pieces.Read(tokens.AsSpan(25))]);

        steps.RewindTo(30);
        using IDecoderSession fork = steps.Fork();
        Assert.Equal(steps.ReadSteps(1, 2, 3), fork.ReadSteps(1, 2, 3));
        steps.RewindTo(30);
        AssertClose(expected[30..], steps.ReadSteps(tokens.AsSpan(30)));
        fork.RewindTo(0);
        Assert.Equal(expected, fork.Read(tokens));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void An_export_whose_later_runs_take_one_token_reads_the_same(string name, string layout)
    {
        using OnnxEncoderDecoder model = Load(name, layout);
        using EncodedSource source = model.Encode([7, 8, 9, 10, 1], Cancellation);
        using IDecoderSession several = source.StartSession();
        float[][] expected = [.. several.Read(1, 2), .. several.Read(Text)];
        model.ReadsSeveral = false;
        using IDecoderSession single = source.StartSession();
        AssertClose(expected, [.. single.Read(1, 2), .. single.Read(Text)]);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Each_source_has_sessions_of_its_own_which_may_outlive_it(string name, string layout)
    {
        using OnnxEncoderDecoder model = Load(name, layout);
        EncodedSource one = model.Encode([5, 6, 7, 1], Cancellation);
        using EncodedSource other = model.Encode([50, 60, 1], Cancellation);
        using EncodedSource again = model.Encode([5, 6, 7, 1], Cancellation);
        IDecoderSession first = one.StartSession();
        using IDecoderSession second = other.StartSession();
        using IDecoderSession third = again.StartSession();
        float[][] expected = first.ReadSteps(0, 4, 5);
        Assert.NotEqual(expected, second.ReadSteps(0, 4, 5));
        Assert.Equal(expected, third.ReadSteps(0, 4, 5));
        one.Dispose();
        Assert.Throws<ObjectDisposedException>(one.StartSession);
        using IDecoderSession fork = first.Fork();
        first.Dispose();
        Assert.Equal(third.ReadSteps(8, 9), fork.ReadSteps(8, 9));
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("bart")]
    public async Task Sources_that_are_read_at_the_same_time_give_the_bits_of_one_alone(string name)
    {
        using OnnxEncoderDecoder model = Load(name, "merged");
        float[][][] expected = [.. Enumerable.Range(0, 4).Select(Run)];
        Assert.Equal(expected, await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => Run(i), Cancellation))));

        float[][] Run(int seed)
        {
            using EncodedSource source = model.Encode([.. Text.Select(id => id + seed)], Cancellation);
            using IDecoderSession session = source.StartSession();
            return [.. session.Read(0, 1, 2), .. session.ReadSteps(Text)];
        }
    }

    [Fact]
    public void Relative_positions_limit_nothing_and_learned_ones_do()
    {
        using OnnxEncoderDecoder t5 = Load("t5", "merged");
        using OnnxEncoderDecoder bart = Load("bart", "merged");
        Assert.Equal((null, null), (t5.Facts.ContextLength, t5.Facts.SourceContextLength));
        Assert.Equal((128, 128), (bart.Facts.ContextLength, bart.Facts.SourceContextLength));
        bart.Encode(new int[128], Cancellation).Dispose();
        Assert.Throws<ArgumentException>(() => bart.Encode(new int[129], Cancellation));
        using EncodedSource source = t5.Encode(new int[600], Cancellation);
        using IDecoderSession session = source.StartSession();
        session.Forward([0], Cancellation);
    }

    [Fact]
    public void Wrong_sources_are_refused_before_anything_runs()
    {
        using OnnxEncoderDecoder model = Load("t5", "merged");
        Assert.Throws<ArgumentException>(() => model.Encode([], Cancellation));
        Assert.Contains("0 to 648", Assert.Throws<ArgumentException>(() => model.Encode([649], Cancellation)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Encode([-1], Cancellation));
        Assert.ThrowsAny<OperationCanceledException>(() => model.Encode([1], new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task An_encoder_under_way_can_be_cancelled_and_works_again()
    {
        using OnnxEncoderDecoder model = Load("t5", "merged");
        using CancellationTokenSource cancel = new();
        int[] source = [.. Enumerable.Range(0, 3000).Select(i => i % 600)];
        Task<EncodedSource> encoding = Task.Run(() => model.Encode(source, cancel.Token), Cancellation);
        cancel.CancelAfter(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => encoding);
        model.Encode(source.AsSpan(0, 10), Cancellation).Dispose();
    }

    [Theory]
    [InlineData("encoder_model.onnx", "encoder_model.onnx")]
    [InlineData("decoder_with_past_model.onnx", "decoder_with_past_model.onnx")]
    [InlineData("decoder_model.onnx", "decoder_model.onnx")]
    public void A_missing_half_is_named(string removed, string named)
    {
        Copy("t5", "separate", "");
        File.Delete(_folder[removed]);
        Refused("is missing: an encoder-decoder needs", named);
    }

    [Fact]
    public void An_encoder_alone_is_told_what_it_lacks()
    {
        SyntheticModels.Encoder(32).Save(_folder["encoder_model.onnx"]);
        Refused("It holds encoder_model.onnx", "decoder_model_merged.onnx");
    }

    [Fact]
    public void Two_decoders_of_different_models_are_refused()
    {
        Copy("t5", "separate", "");
        File.Copy(Path.Combine(TestFiles.Zoo("bart"), "decoder_with_past_model.onnx"), _folder["decoder_with_past_model.onnx"], overwrite: true);
        Refused("does not fit decoder_with_past_model.onnx", "decoder_model.onnx");
    }

    [Theory]
    [InlineData("merged", "decoder_model_merged.onnx")]
    [InlineData("separate", "decoder_model.onnx")]
    public void An_encoder_of_another_width_is_refused(string layout, string named)
    {
        Copy("t5", layout, "");
        File.Delete(_folder["encoder_model.onnx"]);
        SyntheticModels.Encoder(16).Save(_folder["encoder_model.onnx"]);
        Refused("does not fit encoder_model.onnx", named);
    }

    [Fact]
    public void A_broken_half_is_named()
    {
        Copy("t5", "merged", "");
        byte[] whole = File.ReadAllBytes(_folder["decoder_model_merged.onnx"]);
        File.Delete(_folder["decoder_model_merged.onnx"]);
        File.WriteAllBytes(_folder["decoder_model_merged.onnx"], whole[..(whole.Length / 2)]);
        Refused("is not a whole ONNX model", "decoder_model_merged.onnx");
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private static void AssertClose(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(TestLogits.LargestDifference(expected[i], actual[i]), 0, 4e-5f);
    }

    private static JsonElement Config(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TestFiles.Zoo(name), "config.json")));
        return document.RootElement.Clone();
    }

    private OnnxEncoderDecoder Load(string name, string layout)
    {
        string directory = layout == "merged" ? TestFiles.Zoo(name) : Copy(name, layout, layout == "onnx" ? "onnx" : "");
        OnnxEncoderDecoder model = Assert.IsType<OnnxEncoderDecoder>(OnnxModelLoader.LoadAny(directory, new OnnxLoadOptions { IntraOpThreads = 2 }, Cancellation));
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}, {layout}: later runs read {(model.ReadsSeveral ? "several tokens" : "one token")}");
        return model;
    }

    private string Copy(string name, string layout, string subfolder)
    {
        string source = TestFiles.Zoo(name);
        Directory.CreateDirectory(Path.Combine(_folder.Path, subfolder));
        File.Copy(Path.Combine(source, "config.json"), _folder["config.json"]);
        string[] graphs = layout == "separate" ? ["encoder_model", "decoder_model", "decoder_with_past_model"] : ["encoder_model", "decoder_model_merged"];
        foreach (string graph in graphs)
            File.Copy(Path.Combine(source, graph + ".onnx"), Path.Combine(_folder.Path, subfolder, graph + ".onnx"));
        foreach (string file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        return _folder.Path;
    }

    private void Refused(string reason, string file)
    {
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => OnnxModelLoader.LoadAny(_folder.Path, new OnnxLoadOptions { IntraOpThreads = 2 }, Cancellation).Dispose());
        TestContext.Current.TestOutputHelper!.WriteLine(error.Message);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(file, Path.GetFileName(error.File));
    }
}
