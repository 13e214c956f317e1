namespace LmPlayground.Tokenizers.Files;

/// <summary>The small text that a clone without Git LFS has in the place of a large file.</summary>
internal static class LfsPointer
{
    /// <summary>What to do about one, to stand behind a sentence.</summary>
    public const string Advice = " It is a Git LFS pointer and not the file itself: download the file.";

    private static ReadOnlySpan<byte> Beginning => "version https://git-lfs"u8;

    /// <summary>Whether these bytes are one.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Beginning);

    /// <summary>Whether a file that can be read is one.</summary>
    public static bool Is(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[Beginning.Length];
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length && Is(bytes.AsSpan());
    }
}
