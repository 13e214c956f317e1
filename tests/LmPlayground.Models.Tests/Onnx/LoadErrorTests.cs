using LmPlayground.Models.Onnx;
using LmPlayground.Tokenizers;
using static LmPlayground.Models.Tests.Onnx.OnnxWriter;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Each fault of a model's files is one error that names the file and what is wrong with it.</summary>
public sealed class LoadErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_missing_folder() => Refused("there is no such folder", _folder["nothing"]);

    [Fact]
    public void A_folder_without_a_graph_says_what_it_has_instead()
    {
        _folder.Write("weights.onnx", "x");
        Refused("weights.onnx").NamesFile("model.onnx");
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is no model, but a text that somebody renamed.")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 1\n")]
    [InlineData("<!DOCTYPE html><html><body>404</body></html>")]
    [InlineData("{\"error\": \"Repository not found\"}")]
    public void A_file_that_is_no_model(string text)
    {
        _folder.Write("model.onnx", text);
        Refused("is not a whole ONNX model").NamesFile("model.onnx");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_truncated_model(double part)
    {
        var whole = File.ReadAllBytes(Path.Combine(TestFiles.Embedded("feedforward"), "model.onnx"));
        File.WriteAllBytes(_folder["model.onnx"], whole[..(int)(whole.Length * part)]);
        Refused("is not a whole ONNX model").NamesFile("model.onnx");
    }

    [Fact]
    public void Weights_whose_file_is_missing()
    {
        WithWeights("model.onnx.data");
        Refused("is missing").NamesFile("model.onnx.data");
    }

    [Fact]
    public void Weights_whose_file_is_too_short()
    {
        WithWeights("model.onnx.data");
        File.WriteAllBytes(_folder["model.onnx.data"], new byte[10]);
        Refused("model.onnx");
    }

    [Theory]
    [InlineData("../outside.data")]
    [InlineData("sub/../../outside.data")]
    public void Weights_outside_the_folder_are_not_read(string location)
    {
        var inside = Path.Combine(_folder.Path, "inside");
        WithWeights(location, "inside/model.onnx");
        File.WriteAllBytes(_folder["outside.data"], new byte[36 * 4]);
        Refused("outside its folder", inside).NamesFile("model.onnx");
    }

    [Fact]
    public void Weights_at_an_absolute_path_are_not_read()
    {
        File.WriteAllBytes(_folder["weights.data"], new byte[36 * 4]);
        WithWeights(_folder["weights.data"]);
        Refused("outside its folder").NamesFile("model.onnx");
    }

    [Fact]
    public void A_link_that_leads_out_of_the_folder_is_not_followed()
    {
        File.WriteAllBytes(_folder["outside.data"], new byte[36 * 4]);
        WithWeights("weights.data", "inside/model.onnx");
        File.CreateSymbolicLink(_folder["inside/weights.data"], _folder["outside.data"]);
        Refused("escapes model directory", _folder["inside"]).NamesFile("model.onnx");
    }

    [Fact]
    public void Weights_beside_a_graph_in_a_subfolder_are_listed_with_it()
    {
        WithWeights("model.onnx_data", "onnx/model.onnx");
        File.WriteAllBytes(_folder["onnx/model.onnx_data"], new byte[36 * 4]);
        using var decoder = TestModels.Load(_folder.Path);
        Assert.Equal(["onnx/model.onnx", "onnx/model.onnx_data"], decoder.Files);
    }

    [Fact]
    public void Weights_beside_the_graph_are_read_and_listed()
    {
        WithWeights("weights.bin");
        File.WriteAllBytes(_folder["weights.bin"], new byte[36 * 4]);
        using var decoder = TestModels.Load(_folder.Path);
        Assert.Equal(["model.onnx", "weights.bin"], decoder.Files);
    }

    [Fact]
    public void A_graph_without_token_ids()
    {
        SyntheticModels.Plain(ids: "pixels").Save(_folder["model.onnx"]);
        Refused("'input_ids'").Mentions("'pixels'");
    }

    [Fact]
    public void A_graph_without_logits()
    {
        SyntheticModels.Plain(logits: "last_hidden_state").Save(_folder["model.onnx"]);
        Refused("'logits'").Mentions("'last_hidden_state'");
    }

    [Fact]
    public void A_graph_with_an_input_that_nobody_knows()
    {
        SyntheticModels.Plain().Input("speaker", Element.Float, "batch").Save(_folder["model.onnx"]);
        Refused("'speaker'").NamesFile("model.onnx");
    }

    [Fact]
    public void A_graph_with_a_cache_of_an_unknown_kind()
    {
        SyntheticModels.Plain(past: "memory").Save(_folder["model.onnx"]);
        Refused("'memory.0.key'");
    }

    [Fact]
    public void A_graph_whose_past_has_no_present()
    {
        SyntheticModels.Plain().Input("past_key_values.1.key", Element.Float, "batch", 1, "past", 4).Save(_folder["model.onnx"]);
        Refused("'past_key_values.1.key'");
    }

    [Fact]
    public void A_graph_without_a_cache()
    {
        new OnnxWriter()
            .Input("input_ids", Element.Int64, "batch", "sequence")
            .Constant("table", [2, 2], 1f, 2f, 3f, 4f)
            .Node("Gather", ["table", "input_ids"], ["logits"])
            .Output("logits", Element.Float, "batch", "sequence", 2)
            .Save(_folder["model.onnx"]);
        Refused("no key-value cache");
    }

    [Theory]
    [InlineData("speaker")]
    [InlineData("encodings")]
    [InlineData("past_conv.0")]
    [InlineData("cache_position")]
    public void Advice_is_given_only_where_it_helps_a_graph_with_past_is_not_to_be_exported_with_past(string input)
    {
        SyntheticModels.Plain().Input(input, Element.Float, "batch").Save(_folder["model.onnx"]);
        Assert.DoesNotContain("xport", Refused($"'{input}'").Error.Message, StringComparison.Ordinal);
        SyntheticModels.Plain(past: "memory").Input(input, Element.Float, "batch").Save(_folder["model.onnx"]);
        Assert.DoesNotContain("xport", Refused($"'{input}'").Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a model at all", false)]
    [InlineData("", false)]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", true)]
    public void A_file_that_is_as_it_was_published_is_not_to_be_downloaded_again(string text, bool isPointer)
    {
        _folder.Write("model.onnx", text);
        Assert.Equal(isPointer, Refused("is not a whole ONNX model").Error.Message.Contains("ownload", StringComparison.Ordinal));
    }

    [Fact]
    public void An_operator_that_ONNX_Runtime_does_not_know()
    {
        SyntheticModels.Plain().Node("Telepathy", ["logits"], ["thoughts"]).Save(_folder["model.onnx"]);
        Refused("Telepathy").NamesFile("model.onnx");
    }

    [Fact]
    public void An_operator_set_of_the_future()
    {
        SyntheticModels.Plain(opset: 900).Save(_folder["model.onnx"]);
        Refused("900").NamesFile("model.onnx");
    }

    [Fact]
    public void A_shape_that_only_the_missing_config_knows()
    {
        SyntheticModels.EveryInput("heads", 2).Save(_folder["model.onnx"]);
        Refused("num_key_value_heads").NamesFile("config.json").Mentions("missing");
    }

    [Theory]
    [InlineData("{\"model_type\": ", "is not valid JSON")]
    [InlineData("[1, 2]", "JSON object was expected")]
    public void A_config_that_is_wrong(string config, string reason)
    {
        SyntheticModels.Plain().Save(_folder["model.onnx"]);
        _folder.Write("config.json", config);
        Refused(reason).NamesFile("config.json");
    }

    [Theory]
    [InlineData("{\"num_attention_heads\": \"four\", \"hidden_size\": [1, 2]}")]
    [InlineData("{\"num_key_value_heads\": [2, 4, 8], \"num_attention_heads\": [8, 8, 16], \"rope_theta\": NaN}")]
    [InlineData("{\"max_position_embeddings\": -1, \"head_dim\": 0.5, \"text_config\": 3}")]
    [InlineData("{\"model_type\": 7, \"architectures\": \"LlamaForCausalLM\", \"is_encoder_decoder\": \"no\", \"pad_token_id\": [0]}")]
    public void Issue_12_A1_what_the_graph_states_needs_no_configuration(string config)
    {
        SyntheticModels.Plain().Save(_folder["model.onnx"]);
        _folder.Write("config.json", config);
        using var model = OnnxModelLoader.Load(_folder.Path, new OnnxLoadOptions(), TestContext.Current.CancellationToken);
        Assert.Null(model.ContextLength);
    }

    [Theory]
    [InlineData("{\"num_key_value_heads\": [2]}", true)]
    [InlineData("{\"num_key_value_heads\": 2.0}", true)]
    [InlineData("{\"num_key_value_heads\": []}", false)]
    [InlineData("{\"num_key_value_heads\": \"two\"}", false)]
    public void Issue_12_A1_what_the_graph_leaves_open_is_read_for_its_layer(string config, bool loads)
    {
        SyntheticModels.EveryInput("heads", 2).Save(_folder["model.onnx"]);
        _folder.Write("config.json", config);
        if (loads)
            OnnxModelLoader.Load(_folder.Path, new OnnxLoadOptions(), TestContext.Current.CancellationToken).Dispose();
        else
            Refused("num_key_value_heads").NamesFile("config.json");
    }

    [Theory]
    [InlineData("{\"kind\":\"magic\"}", "magic")]
    [InlineData("{}", "kind")]
    [InlineData("{\"kind\":\"window\",\"vocab_size\":4096,\"inputs\":{\"tokens\":\"input_ids\"},\"outputs\":{\"logits\":\"logits\"},\"pad_token_id\":0}", "window")]
    [InlineData("{\"kind\":\"window\",\"window\":9,\"vocab_size\":4096,\"inputs\":{\"tokens\":\"input_ids\"},\"outputs\":{\"logits\":\"logits\"},\"pad_token_id\":0}", "window of 9")]
    [InlineData("{\"kind\":\"window\",\"window\":12,\"vocab_size\":99,\"inputs\":{\"tokens\":\"input_ids\"},\"outputs\":{\"logits\":\"logits\"},\"pad_token_id\":0}", "99 tokens")]
    [InlineData("{\"kind\":\"recurrent\",\"vocab_size\":4096,\"inputs\":{\"tokens\":\"input_ids\"},\"outputs\":{\"logits\":\"logits\"}}", "state")]
    public void A_description_that_does_not_fit_the_graph(string description, string reason)
    {
        File.Copy(Path.Combine(TestFiles.Embedded("feedforward"), "model.onnx"), _folder["model.onnx"]);
        _folder.Write("lm.json", description);
        Refused(reason).NamesFile("lm.json");
    }

    [Theory]
    [InlineData("bart", "encoder-decoder")]
    [InlineData("t5", "encoder-decoder")]
    [InlineData("bert", "masked language model")]
    public void Other_kinds_of_models_are_called_what_they_are(string name, string reason) => Refused(reason, TestFiles.Zoo(name));

    public void Dispose() => _folder.Dispose();

    private void WithWeights(string location, string graph = "model.onnx")
    {
        new OnnxWriter()
            .Input("input_ids", Element.Int64, "batch", "sequence")
            .Input("past_key_values.0.key", Element.Float, "batch", 1, "past", 6)
            .External("table", Element.Float, [6, 6], location, 36 * 4)
            .Constant("axis1", [1], 1L)
            .Node("Gather", ["table", "input_ids"], ["logits"])
            .Node("Unsqueeze", ["logits", "axis1"], ["new"])
            .Node("Concat", ["past_key_values.0.key", "new"], ["present.0.key"], ("axis", 2))
            .Output("logits", Element.Float, "batch", "sequence", 6)
            .Output("present.0.key", Element.Float, "batch", 1, "all", 6)
            .Save(_folder[graph]);
    }

    private Refusal Refused(string reason, string? directory = null)
    {
        var error = Assert.Throws<ModelLoadException>(() => TestModels.Load(directory ?? _folder.Path).Dispose());
        TestContext.Current.TestOutputHelper!.WriteLine(error.Message);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        return new Refusal(error);
    }

    private sealed record Refusal(ModelLoadException Error)
    {
        public Refusal NamesFile(string name)
        {
            Assert.Equal(name, Path.GetFileName(Error.File));
            return this;
        }

        public Refusal Mentions(string text)
        {
            Assert.Contains(text, Error.Message, StringComparison.Ordinal);
            return this;
        }
    }
}
