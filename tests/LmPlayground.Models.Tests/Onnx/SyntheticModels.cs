using System.Runtime.InteropServices;
using static LmPlayground.Models.Tests.Onnx.OnnxWriter;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Graphs of a few operators whose logits show what they were fed.</summary>
internal static class SyntheticModels
{
    public const int Vocabulary = 6;

    /// <summary>
    /// A concatenating cache of halves [1, 1, past, 2] and 32-bit ids, with every optional input.
    /// logits[t][v] = v + position of t + 16 x sum of the mask + 256 x use_cache_branch + sum of all ids read (from the cache).
    /// </summary>
    public static OnnxWriter EveryInput(object heads, object headSize)
    {
        return new OnnxWriter()
            .Input("input_ids", Element.Int32, "batch", "sequence")
            .Input("attention_mask", Element.Int32, "batch", "total")
            .Input("position_ids", Element.Int64, "batch", "sequence")
            .Input("use_cache_branch", Element.Bool, 1)
            .Input("past_key_values.0.key", Element.Half, "batch", heads, "past", headSize)
            .Input("past_key_values.0.value", Element.Half, "batch", heads, "past", headSize)
            .Constant("columns", Element.Half, [1, 1, Vocabulary], Halves(0, 1, 2, 3, 4, 5))
            .Constant("ones", Element.Half, [1, 1, 1, 2], Halves(1, 1))
            .Constant("sixteen", Element.Half, [], Halves(16))
            .Constant("much", Element.Half, [], Halves(256))
            .Constant("half", Element.Half, [], Halves(0.5f))
            .Constant("axis1", [1], 1L)
            .Constant("axis2", [1], 2L)
            .Constant("axis3", [1], 3L)
            .Node("Cast", ["input_ids"], ["ids_half"], ("to", (int)Element.Half))
            .Node("Unsqueeze", ["ids_half", "axis1"], ["ids3"])
            .Node("Unsqueeze", ["ids3", "axis3"], ["ids4"])
            .Node("Mul", ["ids4", "ones"], ["new"])
            .Node("Concat", ["past_key_values.0.key", "new"], ["present.0.key"], ("axis", 2))
            .Node("Concat", ["past_key_values.0.value", "new"], ["present.0.value"], ("axis", 2))
            .Node("ReduceSum", ["present.0.key"], ["key_sum"], ("keepdims", 0))
            .Node("Mul", ["key_sum", "half"], ["read_sum"])
            .Node("Cast", ["attention_mask"], ["mask_half"], ("to", (int)Element.Half))
            .Node("ReduceSum", ["mask_half"], ["mask_sum"], ("keepdims", 0))
            .Node("Mul", ["mask_sum", "sixteen"], ["mask_part"])
            .Node("Cast", ["use_cache_branch"], ["branch_half"], ("to", (int)Element.Half))
            .Node("Mul", ["branch_half", "much"], ["branch_part"])
            .Node("Cast", ["position_ids"], ["positions_half"], ("to", (int)Element.Half))
            .Node("Unsqueeze", ["positions_half", "axis2"], ["positions3"])
            .Node("Add", ["positions3", "columns"], ["sum1"])
            .Node("Add", ["sum1", "mask_part"], ["sum2"])
            .Node("Add", ["sum2", "branch_part"], ["sum3"])
            .Node("Add", ["sum3", "read_sum"], ["logits"])
            .Output("logits", Element.Half, "batch", "sequence", Vocabulary)
            .Output("present.0.key", Element.Half, "batch", heads, "all", headSize)
            .Output("present.0.value", Element.Half, "batch", heads, "all", headSize);
    }

    /// <summary>One GroupQueryAttention over a shared buffer, two heads over one key-value head of 8, fed with its own length inputs.</summary>
    public static OnnxWriter GroupQuery()
    {
        Random random = new(7);
        float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
        return new OnnxWriter()
            .Input("input_ids", Element.Int64, "batch", "sequence")
            .Input("seqlens_k", Element.Int32, "batch")
            .Input("total_sequence_length", Element.Int32)
            .Input("past_key_values.0.key", Element.Float, "batch", 1, "past", 8)
            .Input("past_key_values.0.value", Element.Float, "batch", 1, "past", 8)
            .Constant("queries", [Vocabulary, 16], Weights(Vocabulary * 16))
            .Constant("keys", [Vocabulary, 8], Weights(Vocabulary * 8))
            .Constant("values", [Vocabulary, 8], Weights(Vocabulary * 8))
            .Constant("head", [16, Vocabulary], Weights(Vocabulary * 16))
            .Node("Gather", ["queries", "input_ids"], ["q"])
            .Node("Gather", ["keys", "input_ids"], ["k"])
            .Node("Gather", ["values", "input_ids"], ["v"])
            .Node("com.microsoft", "GroupQueryAttention",
                ["q", "k", "v", "past_key_values.0.key", "past_key_values.0.value", "seqlens_k", "total_sequence_length"],
                ["attended", "present.0.key", "present.0.value"], ("num_heads", 2), ("kv_num_heads", 1))
            .Node("MatMul", ["attended", "head"], ["logits"])
            .Output("logits", Element.Float, "batch", "sequence", Vocabulary)
            .Output("present.0.key", Element.Float, "batch", 1, "all", 8)
            .Output("present.0.value", Element.Float, "batch", 1, "all", 8);
    }

    /// <summary>
    /// An older merged export: one branch that never looks at the past it is given, and one that continues it.
    /// logits[t][v] = v + sum of all ids read, and 256 more in the branch with a past.
    /// </summary>
    public static OnnxWriter Merged()
    {
        var without = new OnnxWriter()
            .Node("Identity", ["new"], ["key_without"])
            .Node("ReduceSum", ["new"], ["sum_without"], ("keepdims", 0))
            .Node("Add", ["rows", "sum_without"], ["logits_without"])
            .Output("logits_without", Element.Float, "batch", "sequence", Vocabulary)
            .Output("key_without", Element.Float, "batch", 1, "all", 1);
        var with = new OnnxWriter()
            .Node("Concat", ["past_key_values.0.key", "new"], ["key_with"], ("axis", 2))
            .Node("ReduceSum", ["key_with"], ["sum_with"], ("keepdims", 0))
            .Node("Add", ["rows", "sum_with"], ["sum_rows"])
            .Node("Add", ["sum_rows", "much"], ["logits_with"])
            .Output("logits_with", Element.Float, "batch", "sequence", Vocabulary)
            .Output("key_with", Element.Float, "batch", 1, "all", 1);
        return new OnnxWriter()
            .Input("input_ids", Element.Int64, "batch", "sequence")
            .Input("use_cache_branch", Element.Bool, 1)
            .Input("past_key_values.0.key", Element.Float, "batch", 1, "past", 1)
            .Constant("columns", [1, 1, Vocabulary], 0f, 1f, 2f, 3f, 4f, 5f)
            .Constant("much", [], 256f)
            .Constant("nothing", [], 0f)
            .Constant("axis1", [1], 1L)
            .Constant("axis2", [1], 2L)
            .Constant("axis3", [1], 3L)
            .Node("Cast", ["input_ids"], ["ids"], ("to", (int)Element.Float))
            .Node("Unsqueeze", ["ids", "axis2"], ["ids3"])
            .Node("Unsqueeze", ["ids3", "axis1"], ["new"])
            .Node("Mul", ["ids3", "nothing"], ["zeros"])
            .Node("Add", ["zeros", "columns"], ["rows"])
            .Node("If", ["use_cache_branch"], ["logits", "present.0.key"], ("then_branch", with), ("else_branch", without))
            .Output("logits", Element.Float, "batch", "sequence", Vocabulary)
            .Output("present.0.key", Element.Float, "batch", 1, "all", 1);
    }

    /// <summary>The least encoder: each token's vector is its id, <paramref name="hidden"/> times.</summary>
    public static OnnxWriter Encoder(int hidden)
    {
        return new OnnxWriter()
            .Input("input_ids", Element.Int64, "batch", "source")
            .Constant("ones", [1, 1, hidden], [.. Enumerable.Repeat(1f, hidden)])
            .Constant("axis2", [1], 2L)
            .Node("Cast", ["input_ids"], ["ids"], ("to", (int)Element.Float))
            .Node("Unsqueeze", ["ids", "axis2"], ["ids3"])
            .Node("Mul", ["ids3", "ones"], ["last_hidden_state"])
            .Output("last_hidden_state", Element.Float, "batch", "source", hidden);
    }

    /// <summary>The least decoder with a cache; tests spoil it.</summary>
    public static OnnxWriter Plain(string ids = "input_ids", string logits = "logits", string past = "past_key_values", int opset = 17)
    {
        return new OnnxWriter { Opset = opset }
            .Input(ids, Element.Int64, "batch", "sequence")
            .Input($"{past}.0.key", Element.Float, "batch", 1, "past", Vocabulary)
            .Constant("table", [Vocabulary, Vocabulary], [.. Enumerable.Range(0, Vocabulary * Vocabulary).Select(i => i / 7f)])
            .Constant("axis1", [1], 1L)
            .Node("Gather", ["table", ids], [logits])
            .Node("Unsqueeze", [logits, "axis1"], ["new"])
            .Node("Concat", [$"{past}.0.key", "new"], ["present.0.key"], ("axis", 2))
            .Output(logits, Element.Float, "batch", "sequence", Vocabulary)
            .Output("present.0.key", Element.Float, "batch", 1, "all", Vocabulary);
    }

    /// <summary>A decoder with a cache whose logits are left out but for the last so many tokens, as an input says; 0 leaves none out.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="shape">Its shape.</param>
    public static OnnxWriter LogitsToKeep(string name, Element type, params object[] shape)
    {
        return new OnnxWriter()
            .Input("input_ids", Element.Int64, "batch", "sequence")
            .Input(name, type, shape)
            .Input("past_key_values.0.key", Element.Float, "batch", 1, "past", Vocabulary)
            .Constant("table", [Vocabulary, Vocabulary], [.. Enumerable.Range(0, Vocabulary * Vocabulary).Select(i => i / 7f)])
            .Constant("one", [1], 1L)
            .Constant("end", [1], long.MaxValue)
            .Node("Gather", ["table", "input_ids"], ["all"])
            .Node("Cast", [name], ["wide"], ("to", (int)Element.Int64))
            .Node("Reshape", ["wide", "one"], ["count"])
            .Node("Neg", ["count"], ["start"])
            .Node("Slice", ["all", "start", "end", "one"], ["logits"])
            .Node("Unsqueeze", ["all", "one"], ["new"])
            .Node("Concat", ["past_key_values.0.key", "new"], ["present.0.key"], ("axis", 2))
            .Output("logits", Element.Float, "batch", "kept", Vocabulary)
            .Output("present.0.key", Element.Float, "batch", 1, "all", Vocabulary);
    }

    private static byte[] Halves(params float[] values)
    {
        Half[] halves = [.. values.Select(v => (Half)v)];
        return MemoryMarshal.AsBytes<Half>(halves).ToArray();
    }
}
