using LmPlayground.Models.NGram.Storage;
using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.NGram;

/// <summary>An n-gram model: how often which tokens follow which, smoothed as Kneser and Ney do.</summary>
/// <remarks>Thread-safe: sessions may be started and run at the same time. Dispose it after its last session.</remarks>
internal sealed class NGramModel : ISessionSource
{
    private readonly NGramTrie _trie;
    private bool _disposed;

    private NGramModel(NGramTrie trie)
    {
        _trie = trie;
    }

    /// <inheritdoc/>
    public DecoderFacts Facts => new(ModelKind.NGram, _trie.VocabularySize, null, "ngram") { ParameterCount = _trie.NGramCount, Window = _trie.Order - 1 };

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; } = [NGramLayout.FileName];

    /// <inheritdoc/>
    public bool DependsOnBatch => false;

    /// <summary>Opens the model of a folder.</summary>
    /// <exception cref="ModelLoadException">The file is missing, damaged, or not what <c>lm.json</c> says.</exception>
    public static NGramModel Open(ModelFolder folder)
    {
        var path = folder.Find(NGramLayout.FileName)
            ?? throw new ModelLoadException(Path.Combine(folder.Directory, NGramLayout.FileName), "is missing; lm.json beside it describes an n-gram model.");
        var trie = NGramTrie.Open(path);
        try
        {
            NGramDescription.Read(folder).Check(trie);
            return new NGramModel(trie);
        }
        catch
        {
            trie.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IDecoderSession StartSession()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new NGramSession(_trie, []);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _trie.Dispose();
    }
}
