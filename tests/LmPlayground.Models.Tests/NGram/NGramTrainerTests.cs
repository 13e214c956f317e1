using System.IO.Compression;
using System.Text;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.NGram;
using LmPlayground.Models.NGram.Training;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Tests;

namespace LmPlayground.Models.Tests.NGram;

/// <summary>From a text file to a model in the catalogue.</summary>
public sealed class NGramTrainerTests : IDisposable
{
    private const string Text = "\nOne cat sat.\nIt sat on a mat.\n<|endoftext|>\nTwo cats sat.\n\n<|endoftext|>\n\n<|endoftext|>\n";

    private readonly TemporaryFolder _folder = new();
    private readonly string _tokenizer = Path.GetDirectoryName(TestTokenizers.EmbeddedFile("transformer"))!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_counted_model_is_loaded_by_the_catalogue_and_predicts()
    {
        var report = Train(_folder.Write("text.txt", Text), new NGramTrainingOptions { Order = 3 });
        Assert.Equal(2, report.Documents);
        Assert.Equal([4096, .. report.Counted.Skip(1)], report.Kept);

        using var catalog = new ModelCatalog(new ModelCatalogOptions());
        var model = (await catalog.LoadAsync(_folder.Combine("out"), TestContext.Current.CancellationToken)).AsLanguageModel();
        Assert.Equal((ModelKind.NGram, "ngram", 4096), (model.Card.Kind, model.Card.Architecture, model.Card.VocabularySize));
        Assert.Null(model.Card.ContextLength);
        Assert.Null(model.Card.ReproductionCaveat);
        Assert.Equal(report.Kept.Sum(), model.Card.ParameterCount);
        Assert.Equal(0, model.Card.BeginningOfSequenceId);
        Assert.Equal([0], model.Card.EndOfSequenceIds);
        Assert.Equal(["lm.json", "model.ngram", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"], model.Card.Files.Select(file => file.Name));
        Assert.Equal(report.Bytes, model.Card.Files.Single(file => file.Name == "model.ngram").Length);

        using var session = model.StartSession();
        var logits = session.Forward([0, .. model.Tokenizer.Ids("Two cats sat")], TestContext.Current.CancellationToken);
        Assert.Equal(model.Tokenizer.IdOf("."), ArgMax(logits.Last));
        session.Forward(model.Tokenizer.Ids("."), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Documents_are_what_stands_between_separators_without_the_newlines_around_it()
    {
        var corpus = Read(Text, "<|endoftext|>");
        int[] first = TestTokenizers.Embedded.Ids("One cat sat.\nIt sat on a mat.", false), second = TestTokenizers.Embedded.Ids("Two cats sat.", false);
        Assert.Equal([0, .. first, 0, 0, .. second, 0], corpus.Ids.ToArray());

        corpus = Read("a b;;c\nd;e", ";");
        Assert.Equal(3, corpus.DocumentStarts.Count);
        corpus = Read("a b\r\nc", "");
        Assert.Equal([0, .. TestTokenizers.Embedded.Ids("a b\nc", false), 0], corpus.Ids.ToArray());
    }

    [Fact]
    public void A_long_document_is_read_in_pieces_and_stays_one()
    {
        var line = string.Concat(Enumerable.Repeat("One day, Tom and Lily went to the park. ", 500)).TrimEnd() + "\n";
        var text = string.Concat(Enumerable.Repeat(line, 120)).TrimEnd();
        var corpus = Read(text, "<|endoftext|>");
        Assert.True(text.Length > 2_000_000);
        Assert.Equal([0], corpus.DocumentStarts);
        Assert.Equal([0, .. TestTokenizers.Embedded.Ids(text, false), 0], corpus.Ids.ToArray());
    }

    [Fact]
    public void Gzip_and_plain_text_give_the_same_bytes_and_a_model_is_replaced_while_it_is_open()
    {
        Train(_folder.Write("text.txt", Text), new NGramTrainingOptions());
        var model = _folder.Combine("out", "model.ngram");
        var first = File.ReadAllBytes(model);
        using var open = NGramTrie.Open(model);
        double[] before = new double[open.VocabularySize], after = new double[open.VocabularySize];
        open.Predict([0], before);

        Train(Compress("text.gz", Text), new NGramTrainingOptions());
        Assert.Equal(first, File.ReadAllBytes(model));
        Train(_folder.Write("text.txt", "quite another text"), new NGramTrainingOptions { Order = 2 });
        Assert.NotEqual(first, File.ReadAllBytes(model));
        open.Predict([0], after);
        Assert.Equal(before, after);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Combine("out")), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tokenizer_alone_is_known_by_the_names_of_its_tokens_and_may_have_none()
    {
        Assert.Equal(new DocumentBoundaries(0, 0), Boundaries("gpt2", TestTokenizers.ByteLevel().WithAdded(0, "<|endoftext|>", "special")));
        Assert.Equal(
            new DocumentBoundaries(300, 301), Boundaries("llama", TestTokenizers.ByteLevel().WithAdded(300, "<s>", "special").WithAdded(301, "</s>", "special")));
        Assert.Equal(default, Boundaries("letters", TestTokenizers.ByteLevel()));
        Assert.Equal(
            new DocumentBoundaries(300, 300),
            Boundaries("end", TestTokenizers.ByteLevel().WithAdded(300, "<end>", "special"), ("config.json", """{"eos_token_id": 300}""")));
        Assert.Equal(
            new DocumentBoundaries(300, 300),
            Boundaries(
                "instruct",
                TestTokenizers.ByteLevel().WithAdded(300, "<a>", "special").WithAdded(301, "<b>", "special"),
                ("generation_config.json", """{"bos_token_id": 300, "eos_token_id": [301, 300]}""")));
    }

    [Fact]
    public async Task A_vocabulary_with_holes_gives_them_no_probability()
    {
        Directory.CreateDirectory(_folder.Combine("tokenizer"));
        _folder.Write("tokenizer/tokenizer.json", TestTokenizers.ByteLevel().WithAdded(300, "<|endoftext|>", "special").ToJsonString());
        NGramTrainer.Train(_folder.Write("text.txt", Text), _folder.Combine("tokenizer"), _folder.Combine("out"), new NGramTrainingOptions { Order = 2 });
        using var catalog = new ModelCatalog(new ModelCatalogOptions());
        var model = (await catalog.LoadAsync(_folder.Combine("out"), TestContext.Current.CancellationToken)).AsLanguageModel();
        using var session = model.StartSession();
        var row = session.Forward([300], TestContext.Current.CancellationToken).Last.ToArray();
        Assert.Equal(301, row.Length);
        Assert.All(Enumerable.Range(0, 301), id => Assert.Equal(id is >= 256 and < 300, float.IsNegativeInfinity(row[id])));
        Assert.Equal(257, model.Card.ParameterCount - NGramsOf(2));

        int NGramsOf(int length) => TestTokenizers.ByteLevel().WithAdded(300, "<|endoftext|>", "special").Build() is { } tokenizer
            ? Text.Split("<|endoftext|>").Select(d => d.Trim('\n')).Where(d => d.Length > 0)
                .SelectMany(d => { int[] ids = [300, .. tokenizer.Ids(d, false), 300]; return ids.Zip(ids.Skip(1)); }).Distinct().Count()
            : length;
    }

    [Fact]
    public void Wrong_input_is_named_and_nothing_is_written()
    {
        var text = _folder.Write("text.txt", Text);
        Assert.Contains("no tokens", Fails<InvalidDataException>(_folder.Write("empty.txt", "\n<|endoftext|>\n")), StringComparison.Ordinal);
        Assert.Contains("missing.txt", Fails<FileNotFoundException>(_folder.Combine("missing.txt")), StringComparison.Ordinal);
        var gzip = File.ReadAllBytes(Compress("good.gz", Text));
        gzip[20] ^= 0x5A;
        File.WriteAllBytes(_folder.Combine("bad.gz"), gzip);
        Fails<InvalidDataException>(_folder.Combine("bad.gz"));
        Assert.Contains("tokenizer.json", Fails<ModelLoadException>(text, tokenizer: _folder.Path), StringComparison.Ordinal);
        Assert.Contains("order", Fails<ArgumentException>(text, new NGramTrainingOptions { Order = 7 }), StringComparison.Ordinal);
        Assert.Contains("order", Fails<ArgumentException>(text, new NGramTrainingOptions { Order = 0 }), StringComparison.Ordinal);
        Assert.Contains("bits", Fails<ArgumentException>(text, new NGramTrainingOptions { WeightBits = 17 }), StringComparison.Ordinal);
        Assert.Contains("threshold", Fails<ArgumentException>(text, new NGramTrainingOptions { PruningThreshold = double.NaN }), StringComparison.Ordinal);
        Assert.Contains("byte", Fails<ArgumentException>(text, new NGramTrainingOptions { MaxBytes = 0 }), StringComparison.Ordinal);
        Assert.ThrowsAny<OperationCanceledException>(
            () => NGramTrainer.Train(text, _tokenizer, _folder.Combine("out"), new NGramTrainingOptions(), cancellationToken: new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(_folder.Combine("out")));

        _folder.Write("out/model.onnx", "another model");
        Assert.Contains("Name another folder", Fails<ModelLoadException>(text), StringComparison.Ordinal);
        Assert.Equal(["model.onnx"], Directory.GetFiles(_folder.Combine("out")).Select(file => Path.GetFileName(file)));
    }

    [Theory]
    [InlineData("lm.json", """{"kind": "ngram", "order": 2, "vocab_size": 4096}""", "order")]
    [InlineData("lm.json", """{"kind": "ngram", "order": 3, "vocab_size": 4095}""", "vocab_size")]
    [InlineData("lm.json", """{"kind": "ngram", "vocab_size": 4096}""", "order")]
    [InlineData("lm.json", """{"kind": "ngram", """, "JSON")]
    [InlineData("lm.json", """{"kind": "counts"}""", "ngram")]
    [InlineData("model.ngram", "", "cut off")]
    [InlineData("model.ngram", null, "missing")]
    [InlineData("tokenizer.json", null, "missing")]
    public async Task A_folder_whose_files_do_not_fit_is_refused_with_the_reason(string file, string? content, string words)
    {
        Train(_folder.Write("text.txt", Text), new NGramTrainingOptions { Order = 3 });
        if (content is null)
            File.Delete(_folder.Combine("out", file));
        else
            _folder.Write($"out/{file}", content);
        if (content is not null && content.Contains("counts", StringComparison.Ordinal))
            File.Copy(Path.Combine(_tokenizer, "model.onnx"), _folder.Combine("out", "model.onnx"));
        using var catalog = new ModelCatalog(new ModelCatalogOptions());
        var error = await Assert.ThrowsAsync<ModelLoadException>(() => catalog.LoadAsync(_folder.Combine("out"), TestContext.Current.CancellationToken));
        Assert.Equal(_folder.Combine("out", file), error.File);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tokenizer_with_far_more_ids_is_a_notice_and_a_file_outside_the_folder_is_refused()
    {
        Train(_folder.Write("text.txt", Text), new NGramTrainingOptions { Order = 2 });
        _folder.Write("out/tokenizer.json", TestTokenizers.ByteLevel().WithAdded(50_000, "<|endoftext|>", "special").ToJsonString());
        using (var first = new ModelCatalog(new ModelCatalogOptions()))
        {
            var card = (await first.LoadAsync(_folder.Combine("out"), TestContext.Current.CancellationToken)).Card;
            Assert.Contains("'<|endoftext|>'", Assert.Single(card.Notices), StringComparison.Ordinal);
        }

        using var catalog = new ModelCatalog(new ModelCatalogOptions());
        Task<IModel> Load() => catalog.LoadAsync(_folder.Combine("out"), TestContext.Current.CancellationToken);
        File.Move(_folder.Combine("out", "model.ngram"), _folder.Combine("elsewhere.ngram"));
        File.CreateSymbolicLink(_folder.Combine("out", "model.ngram"), _folder.Combine("elsewhere.ngram"));
        Assert.Contains("leads out", (await Assert.ThrowsAsync<ModelLoadException>(Load)).Message, StringComparison.Ordinal);
    }

    private static int ArgMax(ReadOnlySpan<float> logits) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);

    private NGramTrainingReport Train(string text, NGramTrainingOptions options) =>
        NGramTrainer.Train(text, _tokenizer, _folder.Combine("out"), options, cancellationToken: TestContext.Current.CancellationToken);

    private string Fails<T>(string text, NGramTrainingOptions? options = null, string? tokenizer = null)
        where T : Exception =>
        Assert.Throws<T>(() => NGramTrainer.Train(text, tokenizer ?? _tokenizer, _folder.Combine("out"), options ?? new NGramTrainingOptions())).Message;

    private TokenCorpus Read(string text, string separator)
    {
        var corpus = new TokenCorpus(4096, 0, 0);
        new CorpusReader(TestTokenizers.Embedded, separator).Read(_folder.Write("read.txt", text), corpus, null, TestContext.Current.CancellationToken);
        return corpus;
    }

    private DocumentBoundaries Boundaries(string name, System.Text.Json.Nodes.JsonObject tokenizer, params (string Name, string Content)[] files)
    {
        _folder.Write($"{name}/tokenizer.json", tokenizer.ToJsonString());
        foreach (var (file, content) in files)
            _folder.Write($"{name}/{file}", content);
        return DocumentBoundaries.Find(new ModelFolder(_folder.Combine(name)), tokenizer.Build());
    }

    private string Compress(string name, string text)
    {
        var path = _folder.Combine(name);
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Optimal);
        gzip.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }
}
