using System.IO.Compression;
using LmPlayground.Models;

namespace LmPlayground.Benchmarks.NGram;

/// <summary>How well a model predicts a text that it was not made from.</summary>
internal static class HeldOutText
{
    private const string Separator = "<|endoftext|>";

    /// <summary>The documents of a gzip file.</summary>
    internal static string[] Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split(Separator).Select(document => document.Trim('\n')).Where(document => document.Length > 0)];
    }

    /// <summary>Mean surprisal in bits of the tokens of documents and of their ends; and how many these are.</summary>
    internal static (double BitsPerToken, int Tokens) Score(ILanguageModel model, IEnumerable<string> documents)
    {
        double bits = 0;
        int tokens = 0, boundary = model.Card.BeginningOfSequenceId ?? model.Card.EndOfSequenceIds[0];
        using var session = model.StartSession();
        foreach (var document in documents)
        {
            session.RewindTo(0);
            int[] ids = [boundary, .. model.Tokenizer.Encode(document, addSpecialTokens: false).Select(token => token.Id), model.Card.EndOfSequenceIds[0]];
            var logits = session.Forward(ids.AsSpan(..^1));
            for (var i = 1; i < ids.Length; i++)
                bits -= logits[i - 1][ids[i]] / Math.Log(2);
            tokens += ids.Length - 1;
        }

        return (bits / tokens, tokens);
    }
}
