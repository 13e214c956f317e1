using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Tests.Catalog;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _secret;
    private readonly string _model;

    public ModelFolderTests()
    {
        _secret = _folder.Write("secret/config.json", """{"model_type": "secret"}""");
        _model = Path.GetDirectoryName(_folder.Write("model/model.onnx", "x"))!;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_link_out_of_the_folder_is_refused_by_name()
    {
        Link("config.json", _secret);
        Refused("config.json");
    }

    [Fact]
    public void A_relative_link_and_a_chain_of_links_are_followed_to_their_end()
    {
        Link("first.json", "second.json");
        Link("second.json", "../secret/config.json");
        Refused("first.json");
    }

    [Fact]
    public void A_linked_folder_on_the_way_is_followed_too()
    {
        Directory.CreateSymbolicLink(Path.Combine(_model, "onnx"), Path.GetDirectoryName(_secret)!);
        Refused("onnx/config.json");
    }

    [Fact]
    public void A_path_with_dots_or_from_the_root_is_refused()
    {
        Refused("../secret/config.json");
        Refused(_secret);
        _folder.Write("model-2/a.json", "{}");
        Refused("../model-2/a.json");
    }

    [Fact]
    public void A_link_inside_the_folder_is_followed()
    {
        File.WriteAllText(Path.Combine(_model, "real.json"), """{"a": 1}""");
        Link("config.json", "real.json");
        Assert.Equal(1, new ModelFolder(_model).ReadJson("config.json")!.Value.Required("a").AsInt32());
    }

    [Fact]
    public void A_folder_that_is_itself_reached_by_a_link_may_be_used()
    {
        var linked = _folder.Combine("linked");
        Directory.CreateSymbolicLink(linked, _model);
        Assert.NotNull(new ModelFolder(linked).Find("model.onnx"));
    }

    [Fact]
    public void Links_that_lead_nowhere_or_in_a_circle_are_refused_and_what_is_missing_is_null()
    {
        Link("broken.json", "nothing.json");
        Link("circle.json", "circle.json");
        Refused("broken.json");
        Refused("circle.json");
        Assert.Null(new ModelFolder(_model).Find("config.json"));
    }

    [Fact]
    public void Weights_that_are_links_out_of_the_folder_are_refused()
    {
        Link("model.onnx.data", _secret);
        Assert.Throws<ModelLoadException>(() => new ModelFolder(_model).FindWeights());
    }

    [Fact]
    public void Weights_are_found_beside_and_in_the_onnx_folder()
    {
        _folder.Write("model/onnx/model_q4.onnx", "");
        _folder.Write("model/onnx/model_q4.onnx_data", "");
        _folder.Write("model/config.json", "{}");
        Assert.Equal(["model.onnx", "onnx/model_q4.onnx", "onnx/model_q4.onnx_data"], new ModelFolder(_model).FindWeights().Order(StringComparer.Ordinal));
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_model, name), target);

    private void Refused(string name) => Assert.Throws<ModelLoadException>(() => new ModelFolder(_model).Find(name));
}
