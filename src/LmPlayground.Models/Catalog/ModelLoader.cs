using LmPlayground.Models.NGram;
using LmPlayground.Models.Onnx;
using LmPlayground.Models.Onnx.Sessions;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;
using LmPlayground.Tokenizers.Loading;

namespace LmPlayground.Models.Catalog;

/// <summary>Loads a model folder: weights, tokenizer and card, while the files are hashed beside.</summary>
internal static class ModelLoader
{
    private const string DependsOnBatch =
        "Activations are quantised to 8 bits as they come, so logits depend on which tokens are read in one call.";

    /// <exception cref="ModelLoadException">A file is missing, malformed, does not fit the others, or leads out of the folder.</exception>
    public static IModel Load(ModelSource source, OnnxLoadOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        // What is cheap to find wrong comes first.
        var folder = new ModelFolder(source.Directory);
        var weights = folder.FindWeights();
        var configuration = new ModelCardReader(folder);
        var tokenizer = LoadTokenizer(folder);

        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hasher = new FileHasher(folder, progress, stopped.Token);
        foreach (var name in weights.Where(n => n.StartsWith(source.Variant?.GraphName ?? "model.onnx", StringComparison.Ordinal)))
            _ = hasher.Begin(name);

        IModelWeights? sessions = null;
        try
        {
            sessions = Open(folder, options with { FileName = source.Variant?.GraphName }, cancellationToken);
            var facts = sessions.Facts;
            CheckVocabulary(folder, tokenizer, facts);
            string[] own = [.. sessions.Files.Select(folder.NameOf)];
            var card = configuration.Read(source, facts, tokenizer);
            var files =
                hasher.Finish([.. own, .. ModelCardReader.ConfigurationFiles.Where(name => folder.Find(name) is not null)]);
            card = card with
            {
                Files = files,
                ContentHash = FileHasher.ContentHash(files),
                ReproductionCaveat = sessions.DependsOnBatch ? DependsOnBatch : null,
            };
            if (sessions is OnnxEncoderDecoder encoderDecoder)
                return new EncoderDecoderModel(card, tokenizer, encoderDecoder);
            if (sessions is not OnnxMaskedModel masked)
                return new LoadedModel(card, tokenizer, (ISessionSource)sessions);
            UsableValues values = new();
            var (maskToken, maskId) = MaskToken.Find(folder, tokenizer, facts.VocabularySize, values);
            return new MaskedModel(card with { MaskToken = maskToken, Notices = [.. card.Notices.Union(values.Notices)] }, tokenizer, masked, maskId);
        }
        catch
        {
            stopped.Cancel();
            sessions?.Dispose();
            throw;
        }
    }

    /// <summary>Opens the weights as the kind of folder asks: what is no n-gram model is a graph.</summary>
    private static IModelWeights Open(ModelFolder folder, OnnxLoadOptions options, CancellationToken cancellationToken) =>
        NGramDescription.Describes(folder)
            ? NGramModel.Open(folder)
            : OnnxModelLoader.LoadAny(folder.Directory, options, cancellationToken);

    /// <summary>Reads the tokenizer of a model folder.</summary>
    internal static ModelTokenizer LoadTokenizer(ModelFolder folder) => TokenizerFolder.Load(folder);

    /// <summary>
    /// Some models are published with tokens that their weights were never given, be they few or most: a text that needs none of them runs.
    /// Only what the tokenizer puts around every text is always needed.
    /// </summary>
    private static void CheckVocabulary(ModelFolder folder, ModelTokenizer tokenizer, DecoderFacts facts)
    {
        foreach (var (id, _, _) in tokenizer.Encode(""))
        {
            if (id < facts.VocabularySize)
                continue;
            throw new ModelLoadException(
                Path.Combine(folder.Directory, "tokenizer.json"),
                $"puts '{tokenizer.Describe(id)}' (id {id}) around every text, for which the model has none of its {facts.VocabularySize} logits; it belongs to another model.");
        }
    }
}
