using System.Text;
using LmPlayground.Models.Catalog;
using LmPlayground.Models.NGram.Storage;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.NGram.Training;

/// <summary>Counts n-gram models from text.</summary>
public static class NGramTrainer
{
    private static readonly string[] TokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"];

    /// <summary>Counts a text and writes a model's folder: the model, its <c>lm.json</c>, and the tokenizer's files.</summary>
    /// <param name="textFile">UTF-8 text, plain or gzip.</param>
    /// <param name="tokenizerDirectory">A folder with <c>tokenizer.json</c>; files beside it may name the tokens that begin and end a text.</param>
    /// <param name="outputDirectory">The folder to write; made where it is missing.</param>
    /// <param name="options">How it is counted.</param>
    /// <param name="progress">Told how far it is, from this thread.</param>
    /// <param name="cancellationToken">Stops it; nothing is written then.</param>
    /// <remarks>
    /// The same input gives the same bytes. A model that is there is replaced as a whole: programs that have it open keep the old one.
    /// Memory: about 25 bytes a token of the text and 40 bytes a distinct n-gram.
    /// </remarks>
    /// <exception cref="ModelLoadException">The tokenizer is missing or malformed, or the output folder is that of another kind of model.</exception>
    /// <exception cref="InvalidDataException">The text is broken gzip, has no tokens, or too many; or the model cannot be as small as asked.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static NGramTrainingReport Train(
        string textFile,
        string tokenizerDirectory,
        string outputDirectory,
        NGramTrainingOptions options,
        IProgress<NGramTrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (options.FindFault() is { } fault)
            throw new ArgumentException(fault + ".", nameof(options));
        CheckOutput(outputDirectory);
        var tokenizerFolder = new ModelFolder(tokenizerDirectory);
        var tokenizer = ModelLoader.LoadTokenizer(tokenizerFolder);
        var boundaries = DocumentBoundaries.Find(tokenizerFolder, tokenizer);

        var corpus = new TokenCorpus(tokenizer.VocabularySize, boundaries.BeginId, boundaries.EndId);
        new CorpusReader(tokenizer, options.Separator).Read(textFile, corpus, Stage(progress, "reading the text"), cancellationToken);
        if (corpus.DocumentStarts.Count == 0)
            throw new InvalidDataException($"{textFile}: the text has no tokens to count.");
        var (bytes, report) = Count(corpus, id => tokenizer.TokenOf(id) is not null, options, progress, cancellationToken);

        progress?.Report(new NGramTrainingProgress("writing", 0));
        Directory.CreateDirectory(outputDirectory);
        AtomicFile.Write(Path.Combine(outputDirectory, NGramLayout.FileName), bytes);
        using (var trie = NGramTrie.Open(Path.Combine(outputDirectory, NGramLayout.FileName)))
        {
            var description = NGramDescription.Write(trie, boundaries.BeginId, boundaries.EndId, report.Tokens);
            AtomicFile.Write(Path.Combine(outputDirectory, NGramDescription.FileName), Encoding.UTF8.GetBytes(description));
        }

        foreach (var name in TokenizerFiles)
        {
            if (tokenizerFolder.Find(name) is { } path)
                AtomicFile.Write(Path.Combine(outputDirectory, name), File.ReadAllBytes(path));
        }

        progress?.Report(new NGramTrainingProgress("writing", 1));
        return report;
    }

    /// <summary>Counts a corpus and gives the bytes of the model's file.</summary>
    /// <param name="corpus">The tokens; at least one document.</param>
    /// <param name="isToken">Says which ids of the vocabulary are tokens.</param>
    /// <param name="options">How it is counted.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static (byte[] Bytes, NGramTrainingReport Report) Count(
        TokenCorpus corpus,
        Func<int, bool> isToken,
        NGramTrainingOptions options,
        IProgress<NGramTrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var counts = NGramCounter.Count(corpus, options.Order, Stage(progress, "counting"), cancellationToken);
        var model = new KneserNeyModel(counts);
        var threshold = options.PruningThreshold;
        if (threshold > 0 || options.MaxBytes is not null)
        {
            progress?.Report(new NGramTrainingProgress("pruning", 0));
            var pruning = RelativeEntropyPruning.Of(model, isToken, cancellationToken);
            if (options.MaxBytes is { } most)
                threshold = Math.Max(threshold, pruning.ThresholdFor(most, Size));
            model = new KneserNeyModel(counts, pruning.Keep(threshold));
        }

        progress?.Report(new NGramTrainingProgress("writing", 0));
        var bytes = NGramWriter.Write(model, model.Unigrams(isToken), options.WeightBits, cancellationToken);
        if (bytes.Length > options.MaxBytes)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"the model has {bytes.Length:N0} bytes with no n-gram but single tokens; it cannot be as small as {options.MaxBytes:N0}."));
        }

        int[] kept = [.. counts.Levels.Select((level, index) => Enumerable.Range(0, level.Count).Count(gram => model.Has(index, gram)))];
        return (bytes, new NGramTrainingReport(
            corpus.DocumentStarts.Count, corpus.Ids.Length, [.. counts.Levels.Select(level => level.Count)], kept, bytes.Length, threshold));

        long Size(int[] grams, int[] contexts) => new NGramLayout(corpus.VocabularySize, options.WeightBits, options.WeightBits, grams, contexts).Length;
    }

    private static Progress? Stage(IProgress<NGramTrainingProgress>? progress, string stage) => progress is null ? null : new Progress(progress, stage);

    private static void CheckOutput(string directory)
    {
        if (ModelFiles.AreIn(directory) && !File.Exists(Path.Combine(directory, NGramLayout.FileName)))
            throw new ModelLoadException(directory, "holds a model that is no n-gram model; it would be spoilt. Name another folder.");
    }

    private sealed class Progress(IProgress<NGramTrainingProgress> target, string stage) : IProgress<double>
    {
        public void Report(double value) => target.Report(new NGramTrainingProgress(stage, value));
    }
}
