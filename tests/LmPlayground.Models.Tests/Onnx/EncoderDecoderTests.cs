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
        using var model = Load(name, layout);
        Assert.Equal(layout != "separate", model.IsMerged);
        var end = Config(name).GetProperty("eos_token_id").GetInt32();
        foreach (var reference in ReferenceCase.Read(TestFiles.Zoo(name)))
        {
            using var source = model.Encode(reference.Ids, Cancellation);
            using var session = source.StartSession();
            var next = reference.Greedy[0];
            var row = session.Read(next)[0];
            for (var column = 0; column < reference.Logits[0].Length; column++)
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
        using var model = Load(name, layout);
        using var source = model.Encode([7, 8, 9, 10, 1], Cancellation);
        using var bulk = source.StartSession();
        using var steps = source.StartSession();
        using var pieces = source.StartSession();
        int[] tokens = [.. Enumerable.Range(0, 90).Select(i => Text[i % Text.Length] + i)];
        var expected = bulk.Read(tokens);
        AssertClose(expected, steps.ReadSteps(tokens));
        AssertClose(expected, [.. pieces.Read(tokens.AsSpan(0, 3)), .. pieces.Read(tokens.AsSpan(3, 20)), .. pieces.ReadSteps(tokens.AsSpan(23, 2)), .. pieces.Read(tokens.AsSpan(25))]);

        steps.RewindTo(30);
        using var fork = steps.Fork();
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
        using var model = Load(name, layout);
        using var source = model.Encode([7, 8, 9, 10, 1], Cancellation);
        using var several = source.StartSession();
        float[][] expected = [.. several.Read(1, 2), .. several.Read(Text)];
        model.ReadsSeveral = false;
        using var single = source.StartSession();
        AssertClose(expected, [.. single.Read(1, 2), .. single.Read(Text)]);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Each_source_has_sessions_of_its_own_which_may_outlive_it(string name, string layout)
    {
        using var model = Load(name, layout);
        var one = model.Encode([5, 6, 7, 1], Cancellation);
        using var other = model.Encode([50, 60, 1], Cancellation);
        using var again = model.Encode([5, 6, 7, 1], Cancellation);
        var first = one.StartSession();
        using var second = other.StartSession();
        using var third = again.StartSession();
        var expected = first.ReadSteps(0, 4, 5);
        Assert.NotEqual(expected, second.ReadSteps(0, 4, 5));
        Assert.Equal(expected, third.ReadSteps(0, 4, 5));
        one.Dispose();
        Assert.Throws<ObjectDisposedException>(one.StartSession);
        using var fork = first.Fork();
        first.Dispose();
        Assert.Equal(third.ReadSteps(8, 9), fork.ReadSteps(8, 9));
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("bart")]
    public async Task Sources_that_are_read_at_the_same_time_give_the_bits_of_one_alone(string name)
    {
        using var model = Load(name, "merged");
        float[][][] expected = [.. Enumerable.Range(0, 4).Select(Run)];
        Assert.Equal(expected, await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => Run(i), Cancellation))));

        float[][] Run(int seed)
        {
            using var source = model.Encode([.. Text.Select(id => id + seed)], Cancellation);
            using var session = source.StartSession();
            return [.. session.Read(0, 1, 2), .. session.ReadSteps(Text)];
        }
    }

    [Fact]
    public void Relative_positions_limit_nothing_and_learned_ones_do()
    {
        using var t5 = Load("t5", "merged");
        using var bart = Load("bart", "merged");
        Assert.Equal((null, null), (t5.Facts.ContextLength, t5.Facts.SourceContextLength));
        Assert.Equal((128, 128), (bart.Facts.ContextLength, bart.Facts.SourceContextLength));
        bart.Encode(new int[128], Cancellation).Dispose();
        Assert.Throws<ArgumentException>(() => bart.Encode(new int[129], Cancellation));
        using var source = t5.Encode(new int[600], Cancellation);
        using var session = source.StartSession();
        session.Forward([0], Cancellation);
    }

    [Fact]
    public void Wrong_sources_are_refused_before_anything_runs()
    {
        using var model = Load("t5", "merged");
        Assert.Throws<ArgumentException>(() => model.Encode([], Cancellation));
        Assert.Contains("0 to 648", Assert.Throws<ArgumentException>(() => model.Encode([649], Cancellation)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Encode([-1], Cancellation));
        Assert.ThrowsAny<OperationCanceledException>(() => model.Encode([1], new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task An_encoder_under_way_can_be_cancelled_and_works_again()
    {
        using var model = Load("t5", "merged");
        using CancellationTokenSource cancel = new();
        int[] source = [.. Enumerable.Range(0, 3000).Select(i => i % 600)];
        var encoding = Task.Run(() => model.Encode(source, cancel.Token), Cancellation);
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
        var whole = File.ReadAllBytes(_folder["decoder_model_merged.onnx"]);
        File.Delete(_folder["decoder_model_merged.onnx"]);
        File.WriteAllBytes(_folder["decoder_model_merged.onnx"], whole[..(whole.Length / 2)]);
        Refused("is not a whole ONNX model", "decoder_model_merged.onnx");
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertClose(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(TestLogits.LargestDifference(expected[i], actual[i]), 0, 4e-5f);
    }

    private static JsonElement Config(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TestFiles.Zoo(name), "config.json")));
        return document.RootElement.Clone();
    }

    private OnnxEncoderDecoder Load(string name, string layout)
    {
        var directory = layout == "merged" ? TestFiles.Zoo(name) : Copy(name, layout, layout == "onnx" ? "onnx" : "");
        var model = Assert.IsType<OnnxEncoderDecoder>(OnnxModelLoader.LoadAny(directory, new OnnxLoadOptions { IntraOpThreads = 2 }, Cancellation));
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}, {layout}: later runs read {(model.ReadsSeveral ? "several tokens" : "one token")}");
        return model;
    }

    private string Copy(string name, string layout, string subfolder)
    {
        var source = TestFiles.Zoo(name);
        Directory.CreateDirectory(Path.Combine(_folder.Path, subfolder));
        File.Copy(Path.Combine(source, "config.json"), _folder["config.json"]);
        string[] graphs = layout == "separate" ? ["encoder_model", "decoder_model", "decoder_with_past_model"] : ["encoder_model", "decoder_model_merged"];
        foreach (var graph in graphs)
            File.Copy(Path.Combine(source, graph + ".onnx"), Path.Combine(_folder.Path, subfolder, graph + ".onnx"));
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        return _folder.Path;
    }

    private void Refused(string reason, string file)
    {
        var error = Assert.Throws<ModelLoadException>(() => OnnxModelLoader.LoadAny(_folder.Path, new OnnxLoadOptions { IntraOpThreads = 2 }, Cancellation).Dispose());
        TestContext.Current.TestOutputHelper!.WriteLine(error.Message);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(file, Path.GetFileName(error.File));
    }
}
