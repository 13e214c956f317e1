namespace LmPlayground.Tokenizers.Files;

/// <summary>Files that hold an item a line.</summary>
internal static class TextLines
{
    /// <summary>The lines of a text file, without the empty ones at its end.</summary>
    public static string[] Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, $"cannot be read: {e.Message}", e);
        }
    }
}
