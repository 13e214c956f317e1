using System.IO.Compression;

namespace LmPlayground.Models.Tests.NGram;

/// <summary>The texts that the embedded models were made from.</summary>
internal static class SharedText
{
    public static IEnumerable<string> Documents(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedFiles.PathOf("training", "data", file)), CompressionMode.Decompress));
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            if (line != "<|endoftext|>")
            {
                lines.Add(line);
                continue;
            }

            yield return string.Join('\n', lines);
            lines.Clear();
        }
    }
}
