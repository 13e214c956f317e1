using LmPlayground.Models.Catalog;
using LmPlayground.Models.Onnx;
using LmPlayground.Tokenizers;
using static LmPlayground.Models.Tests.Onnx.OnnxWriter;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Masked models from their files to their logits.</summary>
public sealed class MaskedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Logits_of_every_position_agree_with_the_reference()
    {
        using var model = Load(TestFiles.Zoo("bert"));
        var vocabulary = model.Card.VocabularySize;
        foreach (var reference in ReferenceCase.Read(TestFiles.Zoo("bert")))
        {
            Assert.Equal(reference.Ids, model.Tokenizer.Encode(reference.Prompt).Select(t => t.Id));
            var logits = Predict(model, reference.Ids);
            for (var position = 0; position < reference.Ids.Length; position++)
            {
                ReadOnlySpan<float> row = logits.AsSpan(position * vocabulary, vocabulary);
                for (var id = 0; id < reference.Logits[position].Length; id++)
                    Assert.Equal(reference.Logits[position][id], row[id], 1e-4);
                Assert.Equal(reference.Argmax[position], row.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(row)));
            }
        }
    }

    [Fact]
    public void The_card_says_what_it_is()
    {
        using var model = Load(TestFiles.Zoo("bert"));
        Assert.Equal(ModelKind.Masked, model.Card.Kind);
        Assert.Equal("bert", model.Card.Architecture);
        Assert.Equal(128, model.Card.ContextLength);
        Assert.Equal("[MASK]", model.Card.MaskToken);
        Assert.Equal(4, model.MaskId);
    }

    [Fact]
    public void The_catalogue_knows_the_mask_before_the_model_is_loaded()
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { TestFiles.Zoo("bert"), TestFiles.Zoo("gpt2") } });
        Assert.Equal(["[MASK]", null], catalog.Entries.Select(e => e.MaskToken));
        Assert.All(catalog.Entries, e => Assert.Equal(ModelState.Available, e.State));
    }

    [Fact]
    public void Texts_of_any_length_at_the_same_time_give_the_bits_they_give_alone()
    {
        using var model = Load(TestFiles.Zoo("bert"));
        int[][] texts = [.. new[] { 1, 3, 128, 65, 64, 2 }.Select(n => Enumerable.Range(0, n).Select(i => (i * 37 + n) % 1000).ToArray())];
        float[][] alone = [.. texts.Select(t => Predict(model, t))];
        Parallel.For(0, 48, i => Assert.Equal(alone[i % texts.Length], Predict(model, texts[i % texts.Length])));
    }

    [Fact]
    public void What_cannot_be_predicted_is_refused_by_name()
    {
        using var model = Load(TestFiles.Zoo("bert"));
        Assert.Contains("no token", Assert.Throws<ArgumentException>(() => Predict(model, [])).Message, StringComparison.Ordinal);
        Assert.Contains("context of 128", Assert.Throws<ArgumentException>(() => Predict(model, new int[129])).Message, StringComparison.Ordinal);
        Assert.Contains("1000", Assert.Throws<ArgumentException>(() => Predict(model, [1000])).Message, StringComparison.Ordinal);
        Assert.Contains("-1", Assert.Throws<ArgumentException>(() => Predict(model, [-1])).Message, StringComparison.Ordinal);
        Assert.Contains("room for 7", Assert.Throws<ArgumentException>(() => model.Predict([1], new float[7])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_prediction_throws_and_the_next_one_works()
    {
        using var model = Load(TestFiles.Zoo("bert"));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        var logits = new float[3 * model.Card.VocabularySize];
        Assert.Throws<OperationCanceledException>(() => model.Predict([2, 4, 3], logits, cancelled.Token));
        model.Predict([2, 4, 3], logits);
        Assert.Equal(Predict(model, [2, 4, 3]), logits);
    }

    [Fact]
    public void A_graph_without_token_types_is_fed_what_it_declares()
    {
        Write("ids", withMask: false);
        using var model = Load(_folder.Path);
        Assert.Equal(6, model.Card.VocabularySize);
        Assert.Equal([20f, 21, 22, 23, 24, 25, 30, 31, 32, 33, 34, 35], Predict(model, [2, 3]));
    }

    [Fact]
    public void The_context_is_what_can_be_run_where_positions_begin_after_the_padding()
    {
        Write("roberta", withMask: true, positions: 5);
        using var model = Load(_folder.Path);
        Assert.Equal(3, model.Card.ContextLength);
    }

    [Fact]
    public void A_model_without_a_mask_token_is_refused_with_what_to_do()
    {
        Write("ids", withMask: false);
        _folder.Write("tokenizer.json", Tokenizer.Replace("[MASK]", "[GAP]", StringComparison.Ordinal));
        var error = Assert.Throws<ModelLoadException>(() => Load(_folder.Path));
        Assert.Contains("mask_token", error.Message, StringComparison.Ordinal);
        _folder.Write("special_tokens_map.json", """{"mask_token": {"content": "[GAP]"}}""");
        using var model = Load(_folder.Path);
        Assert.Equal(1, model.MaskId);
    }

    [Theory]
    [InlineData("""{"mask_token": "[NONE]"}""", "[NONE]")]
    [InlineData("""{"mask_token": 7}""", "mask_token")]
    [InlineData("""{"mask_token": {"contents": "[MASK]"}}""", "mask_token")]
    public void Issue_12_A1_a_mask_token_that_cannot_be_used_gives_way_to_the_next_that_can(string config, string notice)
    {
        Write("ids", withMask: false);
        _folder.Write("tokenizer_config.json", config);
        using (var usual = Load(_folder.Path))
        {
            Assert.Equal("[MASK]", usual.Card.MaskToken);
            Assert.Contains(notice, Assert.Single(usual.Card.Notices), StringComparison.Ordinal);
        }

        _folder.Write("special_tokens_map.json", """{"mask_token": "a"}""");
        using var model = Load(_folder.Path);
        Assert.Equal(2, model.MaskId);
    }

    [Fact]
    public void A_tokenizer_with_far_more_ids_loads_and_one_that_puts_such_an_id_around_every_text_is_refused_by_its_name()
    {
        Write("ids", withMask: false);
        var added = """[{"id": 1, "content": "[MASK]", "special": true}, {"id": 50, "content": "[CLS]", "special": true}, {"id": 90, "content": "<image>"}]""";
        var template = """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[CLS]"}}, {"Sequence": {"id": "A"}}], "special_tokens": {"[CLS]": {"ids": [50]}}}""";
        var json = System.Text.Json.Nodes.JsonNode.Parse(Tokenizer)!;
        json["added_tokens"] = System.Text.Json.Nodes.JsonNode.Parse(added);
        _folder.Write("tokenizer.json", json.ToJsonString());
        using (var model = Load(_folder.Path))
            Assert.Contains("2 tokens, from '[CLS]' on", Assert.Single(model.Card.Notices), StringComparison.Ordinal);
        json["post_processor"] = System.Text.Json.Nodes.JsonNode.Parse(template);
        _folder.Write("tokenizer.json", json.ToJsonString());
        Assert.Contains("'[CLS]' (id 50)", Assert.Throws<ModelLoadException>(() => Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private const string Tokenizer = """
        {"version": "1.0", "added_tokens": [{"id": 1, "content": "[MASK]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
         "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "[MASK]": 1, "a": 2, "b": 3}}}
        """;

    /// <summary>A graph whose logits are rows of a table: 10 x id + column; with positions, those of a second table that ends early.</summary>
    private void Write(string kind, bool withMask, int positions = 0)
    {
        var writer = new OnnxWriter().Input("input_ids", Element.Int64, "batch", "sequence");
        writer.Constant("table", [6, 6], [.. Enumerable.Range(0, 36).Select(i => (float)(i / 6 * 10 + i % 6))]);
        if (withMask)
        {
            // Positions as RoBERTa counts them: the sum of the mask so far, plus the padding id.
            writer.Input("attention_mask", Element.Int64, "batch", "sequence");
            writer.Constant("axis", [], [1L]).Constant("padding", [], [1L]).Constant("places", [positions, 6], [.. new float[positions * 6]]);
            writer.Node("CumSum", ["attention_mask", "axis"], ["sums"]).Node("Add", ["sums", "padding"], ["at"]);
            writer.Node("Gather", ["table", "input_ids"], ["words"]).Node("Gather", ["places", "at"], ["shifts"]).Node("Add", ["words", "shifts"], ["logits"]);
        }
        else
        {
            writer.Node("Gather", ["table", "input_ids"], ["logits"]);
        }

        writer.Output("logits", Element.Float, "batch", "sequence", 6);
        writer.Save(_folder["model.onnx"]);
        var context = positions > 0 ? $", \"max_position_embeddings\": {positions}" : "";
        _folder.Write("config.json", $$"""{"architectures": ["AnyForMaskedLM"], "model_type": "{{kind}}", "pad_token_id": 1{{context}}}""");
        _folder.Write("tokenizer.json", Tokenizer);
    }

    private static IMaskedModel Load(string directory) =>
        (IMaskedModel)ModelLoader.Load(new ModelSource("m", directory, false, null), new OnnxLoadOptions { IntraOpThreads = 1 }, null, default);

    private static float[] Predict(IMaskedModel model, int[] ids)
    {
        var logits = new float[ids.Length * model.Card.VocabularySize];
        model.Predict(ids, logits);
        return logits;
    }
}
