using LmPlayground.Models.Catalog;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.Tests.Catalog;

/// <summary>Encoder-decoders through the catalogue.</summary>
public sealed class EncoderDecoderCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("t5", null, 0)]
    [InlineData("bart", 128, 2)]
    public async Task The_card_says_what_the_encoder_reads_and_what_the_decoder_begins_with(string name, int? context, int start)
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { TestFiles.Zoo(name) } });
        Assert.True(catalog.Entries[0].ReadsSource);
        var model = (await catalog.LoadAsync(name, Cancellation)).AsEncoderDecoder();
        Assert.Equal((ModelKind.EncoderDecoder, name), (model.Card.Kind, model.Card.Architecture));
        Assert.Equal((context, context), (model.Card.ContextLength, model.Card.SourceContextLength));
        Assert.Equal([start], model.Card.PromptPrefixIds);
        Assert.Contains(model.Card.Files, file => file.Name == "encoder_model.onnx");
        Assert.Contains(model.Card.Files, file => file.Name == "decoder_model_merged.onnx");
        Assert.DoesNotContain(model.Card.Files, file => file.Name == "decoder_model.onnx");
        using var encoded = model.Encode([5, 6, 1], Cancellation);
        using var session = encoded.StartSession();
        Assert.Equal(model.Card.VocabularySize, session.Forward([start], Cancellation).Last.Length);
    }

    [Theory]
    [InlineData("\"forced_bos_token_id\": 40, \"decoder_start_token_id\": 3", new[] { 3, 40 })]
    [InlineData("\"bos_token_id\": 7", new[] { 7 })]
    [InlineData("\"pad_token_id\": 9", new[] { 9 })]
    public async Task The_decoder_begins_as_its_files_say(string settings, int[] prefix)
    {
        Copy();
        _folder.Write("config.json", $$"""{"model_type":"t5","is_encoder_decoder":true,{{settings}}}""");
        Assert.Equal(prefix, (await LoadAsync()).Card.PromptPrefixIds);
    }

    [Fact]
    public async Task Issue_12_A1_a_start_token_outside_the_vocabulary_is_a_notice_and_the_next_that_is_stated_begins()
    {
        Copy();
        _folder.Write("config.json", """{"is_encoder_decoder":true,"decoder_start_token_id":9999,"pad_token_id":9}""");
        var card = (await LoadAsync()).Card;
        Assert.Equal([9], card.PromptPrefixIds);
        Assert.StartsWith("config.json: at decoder_start_token_id: 9999 is outside", Assert.Single(card.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_that_is_a_link_out_of_the_folder_is_not_read()
    {
        Copy();
        File.Delete(_folder.Combine("decoder_model_merged.onnx"));
        File.CreateSymbolicLink(_folder.Combine("decoder_model_merged.onnx"), Path.Combine(TestFiles.Zoo("t5"), "decoder_model_merged.onnx"));
        var error = await Assert.ThrowsAsync<ModelLoadException>(LoadAsync);
        Assert.Contains("leads out of the model's folder", error.Message, StringComparison.Ordinal);
        Assert.Equal("decoder_model_merged.onnx", Path.GetFileName(error.File));
    }

    [Fact]
    public void A_decoder_alone_reads_no_source()
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { TestFiles.Zoo("gpt2") } });
        Assert.False(catalog.Entries[0].ReadsSource);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<IModel> LoadAsync()
    {
        using var catalog = new ModelCatalog(new ModelCatalogOptions { Directories = { _folder.Path } });
        return await catalog.LoadAsync(catalog.Entries[0].Id, Cancellation);
    }

    private void Copy()
    {
        foreach (var name in (string[])["encoder_model.onnx", "decoder_model_merged.onnx", "tokenizer.json"])
            File.WriteAllBytes(_folder.Combine(name), File.ReadAllBytes(Path.Combine(TestFiles.Zoo("t5"), name)));
    }
}
