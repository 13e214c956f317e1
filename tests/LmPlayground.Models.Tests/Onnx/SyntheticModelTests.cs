using LmPlayground.Tokenizers;
using static LmPlayground.Models.Tests.Onnx.OnnxWriter;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Graphs that the downloaded models do not cover: half precision, 32-bit ids, merged exports, open shapes, older caches.</summary>
public sealed class SyntheticModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_declared_input_gets_its_value_in_its_type(bool openShape)
    {
        if (openShape)
        {
            SyntheticModels.EveryInput("heads", "size").Save(_folder["model.onnx"]);
            _folder.Write("config.json", """{"model_type":"made","num_attention_heads":4,"num_key_value_heads":1,"hidden_size":8,"max_position_embeddings":40}""");
        }
        else
        {
            SyntheticModels.EveryInput(1, 2).Save(_folder["model.onnx"]);
        }

        using var decoder = TestModels.Load(_folder.Path);
        Assert.Equal(ModelKind.ConcatCacheDecoder, decoder.Kind);
        Assert.Equal(openShape ? "made" : "unknown", decoder.Architecture);
        Assert.Equal(openShape ? 40 : null, decoder.ContextLength);
        using var session = decoder.StartSession();
        Assert.Equal(Expected(0, 3, idSum: 6, useCache: 0), session.Read(1, 2, 3));
        Assert.Equal(Expected(3, 1, idSum: 10, useCache: 256), session.Read(4));
        Assert.Equal(Expected(4, 2, idSum: 15, useCache: 256), session.Read(5, 0));
        session.RewindTo(2);
        Assert.Equal(Expected(2, 1, idSum: 8, useCache: 256), session.Read(5));
    }

    [Theory]
    [InlineData("decoder_model_merged.onnx")]
    [InlineData("onnx/decoder_model_merged.onnx")]
    public void A_merged_decoder_takes_its_branch_without_a_past_at_the_beginning_alone(string name)
    {
        SyntheticModels.Merged().Save(_folder[name]);
        using var decoder = TestModels.Load(_folder.Path);
        Assert.Equal((ModelKind.ConcatCacheDecoder, SyntheticModels.Vocabulary), (decoder.Kind, decoder.VocabularySize));
        Assert.Equal([name], decoder.Files);
        using var session = decoder.StartSession();
        Assert.Equal([6f, 7f, 8f, 9f, 10f, 11f], session.Read(1, 2, 3)[2]);
        Assert.Equal([266f, 267f, 268f, 269f, 270f, 271f], session.Read(4)[0]);
        using var fork = session.Fork();
        session.RewindTo(0);
        Assert.Equal([5f, 6f, 7f, 8f, 9f, 10f], session.Read(5)[0]);
        Assert.Equal([271f, 272f, 273f, 274f, 275f, 276f], fork.Read(3, 2)[1]);
    }

    [Theory]
    [InlineData("num_logits_to_keep", nameof(Element.Int64), false)]
    [InlineData("num_logits_to_keep", nameof(Element.Int64), true)]
    [InlineData("num_logits_to_keep", nameof(Element.Int32), false)]
    [InlineData("logits_to_keep", nameof(Element.Int64), false)]
    [InlineData("logits_to_keep", nameof(Element.Int32), true)]
    [InlineData("num_logits_to_return", nameof(Element.Int64), true)]
    [InlineData("last_logits_only", nameof(Element.Int64), false)]
    [InlineData("last_logits_only", nameof(Element.Bool), false)]
    [InlineData("last_logits_only", nameof(Element.Bool), true)]
    public void A_graph_that_asks_how_many_logits_to_keep_keeps_all(string name, string type, bool isList)
    {
        SyntheticModels.LogitsToKeep(name, Enum.Parse<Element>(type), isList ? [1] : []).Save(_folder["model.onnx"]);
        using var decoder = TestModels.Load(_folder.Path);
        Assert.Equal(ModelKind.ConcatCacheDecoder, decoder.Kind);
        using var session = decoder.StartSession();
        int[] tokens = [.. Enumerable.Range(0, 150).Select(i => i * 5 % SyntheticModels.Vocabulary)];
        float[][] rows = [.. session.Read(tokens), .. session.ReadSteps(3, 1)];
        Assert.Equal([.. tokens, 3, 1], rows.Select(row => (int)Math.Round(row[0] * 7 / SyntheticModels.Vocabulary)));
    }

    [Theory]
    [InlineData("num_logits_to_keep", nameof(Element.Float), 1)]
    [InlineData("logits_to_keep", nameof(Element.Int64), 3)]
    [InlineData("logits_to_keep", nameof(Element.Bool), 1, 1)]
    [InlineData("logits_to_drop", nameof(Element.Int64), 1)]
    public void A_graph_that_asks_for_it_otherwise_is_refused_with_the_input_s_name(string name, string type, params int[] shape)
    {
        SyntheticModels.LogitsToKeep(name, Enum.Parse<Element>(type), [.. shape.Cast<object>()]).Save(_folder["model.onnx"]);
        Assert.Contains($"'{name}'", Assert.Throws<ModelLoadException>(() => TestModels.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GroupQueryAttention_with_its_own_length_inputs_is_a_shared_cache()
    {
        SyntheticModels.GroupQuery().Save(_folder["onnx/model.onnx"]);
        using var decoder = TestModels.Load(_folder.Path);
        Assert.Equal(ModelKind.SharedCacheDecoder, decoder.Kind);
        Assert.Equal(["onnx/model.onnx"], decoder.Files);
        var tokens = TestModels.Tokens(decoder, 1100);
        using var bulk = decoder.StartSession();
        using var mixed = decoder.StartSession();
        var expected = bulk.Read(tokens);
        float[][] actual = [.. mixed.Read(tokens.AsSpan(0, 500)), .. mixed.ReadSteps(tokens.AsSpan(500, 30)), .. mixed.Read(tokens.AsSpan(530))];
        for (var i = 0; i < tokens.Length; i++)
            Assert.InRange(TestLogits.LargestDifference(expected[i], actual[i]), 0, 1e-5f);
        mixed.RewindTo(700);
        bulk.RewindTo(700);
        Assert.InRange(TestLogits.LargestDifference(bulk.Read(1, 2)[1], mixed.Read(1, 2)[1]), 0, 1e-5f);
    }

    [Fact]
    public void Older_caches_with_the_positions_elsewhere_can_be_rewound()
    {
        // BLOOM before 2024: keys [batch x heads, size, positions], values [batch x heads, positions, size].
        new OnnxWriter()
            .Input("input_ids", Element.Int64, "batch", "sequence")
            .Input("past_key_values.0.key", Element.Float, "batch x heads", 2, "past")
            .Input("past_key_values.0.value", Element.Float, "batch x heads", "past", 2)
            .Constant("columns", [1, 1, 3], 0f, 1f, 2f)
            .Constant("key_ones", [2, 2, 1], 1f, 10f, 100f, 1000f)
            .Constant("value_ones", [2, 1, 2], 1f, 1f, 1f, 1f)
            .Constant("axis2", [1], 2L)
            .Node("Cast", ["input_ids"], ["ids"], ("to", (int)Element.Float))
            .Node("Unsqueeze", ["ids", "axis2"], ["ids3"])
            .Node("Transpose", ["ids3"], ["ids_last"], ("perm", new long[] { 0, 2, 1 }))
            .Node("Mul", ["ids_last", "key_ones"], ["new_key"])
            .Node("Mul", ["ids3", "value_ones"], ["new_value"])
            .Node("Concat", ["past_key_values.0.key", "new_key"], ["present.0.key"], ("axis", 2))
            .Node("Concat", ["past_key_values.0.value", "new_value"], ["present.0.value"], ("axis", 1))
            .Node("ReduceSum", ["present.0.key"], ["keys"], ("keepdims", 0))
            .Node("ReduceSum", ["present.0.value"], ["values"], ("keepdims", 0))
            .Node("Add", ["keys", "values"], ["read"])
            .Node("Mul", ["ids3", "columns"], ["rows"])
            .Node("Add", ["rows", "read"], ["logits"])
            .Output("logits", Element.Float, "batch", "sequence", 3)
            .Output("present.0.key", Element.Float, "batch x heads", 2, "all")
            .Output("present.0.value", Element.Float, "batch x heads", "all", 2)
            .Save(_folder["model.onnx"]);
        _folder.Write("config.json", """{"model_type":"bloom","n_head":2}""");
        using var decoder = TestModels.Load(_folder.Path);
        using var session = decoder.StartSession();
        session.Read(1, 2, 1, 2);
        session.RewindTo(2);
        var logits = session.Read(1);

        // Each id counts 1111 in the keys of two heads and 4 in the values.
        Assert.Equal([4 * 1115f, 4 * 1115f + 1, 4 * 1115f + 2], logits[0]);
    }

    [Fact]
    public void A_run_that_fails_is_one_error_and_leaves_the_session_as_it_was()
    {
        // The table has two rows for a vocabulary of three.
        new OnnxWriter()
            .Input("input_ids", Element.Int64, "batch", "sequence")
            .Input("past_key_values.0.key", Element.Float, "batch", 1, "past", 3)
            .Constant("table", [2, 3], 1f, 2f, 3f, 4f, 5f, 6f)
            .Constant("axis1", [1], 1L)
            .Node("Gather", ["table", "input_ids"], ["logits"])
            .Node("Unsqueeze", ["logits", "axis1"], ["new"])
            .Node("Concat", ["past_key_values.0.key", "new"], ["present.0.key"], ("axis", 2))
            .Output("logits", Element.Float, "batch", "sequence", 3)
            .Output("present.0.key", Element.Float, "batch", 1, "all", 3)
            .Save(_folder["model.onnx"]);
        using var decoder = TestModels.Load(_folder.Path);
        using var session = decoder.StartSession();
        session.Read(0, 1);
        var error = Assert.Throws<ModelRunException>(() => session.Read(0, 2));
        Assert.Contains("after 2 tokens", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, session.Length);
        Assert.Equal([4f, 5f, 6f], session.Read(1)[0]);
    }

    public void Dispose() => _folder.Dispose();

    private static float[][] Expected(int past, int count, int idSum, int useCache)
    {
        return [.. Enumerable.Range(0, count).Select(t =>
            Enumerable.Range(0, SyntheticModels.Vocabulary).Select(v => (float)(v + past + t + 16 * (past + count) + useCache + idSum)).ToArray())];
    }
}
