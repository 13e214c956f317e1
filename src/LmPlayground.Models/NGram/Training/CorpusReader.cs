using System.IO.Compression;
using System.Text;
using LmPlayground.Tokenizers;

namespace LmPlayground.Models.NGram.Training;

/// <summary>Reads a text file, plain or gzip, as documents of tokens.</summary>
/// <param name="tokenizer">Splits the documents.</param>
/// <param name="separator">What stands between two documents; newlines around it belong to neither.</param>
internal sealed class CorpusReader(ModelTokenizer tokenizer, string separator)
{
    /// <summary>A longer document is tokenised in pieces that end with a line, so that memory stays small.</summary>
    private const int LongestPiece = 1 << 20;

    private readonly StringBuilder _piece = new();
    private readonly List<int> _document = [];

    /// <summary>Adds the documents of a file to a corpus.</summary>
    /// <param name="path">UTF-8 text; gzip if its first bytes say so.</param>
    /// <param name="corpus">Where they are added.</param>
    /// <param name="progress">Told the share of the file that has been read, 0 to 1.</param>
    /// <param name="cancellationToken">Checked at every line.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is broken gzip.</exception>
    public void Read(string path, TokenCorpus corpus, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        using var reader = new StreamReader(Unpacked(file), Encoding.UTF8);
        var length = Math.Max(1, file.Length);
        while (reader.ReadLine() is { } line)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var parts = separator.Length == 0 ? [line] : line.Split(separator);
            for (var i = 0; i < parts.Length; i++)
            {
                if (i > 0)
                    EndDocument(corpus);
                _piece.Append(parts[i]);
            }

            _piece.Append('\n');
            if (_piece.Length > LongestPiece)
                EndPiece();
            progress?.Report((double)file.Position / length);
        }

        EndDocument(corpus);
    }

    private static Stream Unpacked(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private void EndDocument(TokenCorpus corpus)
    {
        while (_piece.Length > 0 && _piece[^1] is '\n')
            _piece.Length--;
        EndPiece();
        corpus.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_document));
        _document.Clear();
    }

    private void EndPiece()
    {
        var text = _document.Count == 0 ? _piece.ToString().TrimStart('\n') : _piece.ToString();
        foreach (var token in tokenizer.Encode(text, addSpecialTokens: false))
            _document.Add(token.Id);
        _piece.Clear();
    }
}
