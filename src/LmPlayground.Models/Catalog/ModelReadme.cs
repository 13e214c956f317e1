using LmPlayground.Tokenizers;
using LmPlayground.Tokenizers.Files;

namespace LmPlayground.Models.Catalog;

/// <summary>What the README of a published model says of it in the block between its first lines of dashes.</summary>
internal static class ModelReadme
{
    private const string Key = "license:";
    private const string Fence = "---";
    private const int MostLines = 100;

    /// <summary>The licence's name, or null where there is no README or it says none.</summary>
    public static string? License(string directory)
    {
        try
        {
            return new ModelFolder(directory).Find("README.md") is { } path ? Read(File.ReadLines(path).Take(MostLines)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ModelLoadException)
        {
            // It is only told to people: a model without it works as well.
            return null;
        }
    }

    private static string? Read(IEnumerable<string> lines)
    {
        var inside = false;
        foreach (var line in lines)
        {
            if (line.TrimEnd() == Fence && inside)
                return null;
            if (line.TrimEnd() == Fence)
                inside = true;
            else if (!inside)
                return null;
            else if (line.StartsWith(Key, StringComparison.Ordinal) && line[Key.Length..].Trim(' ', '"', '\'') is { Length: > 0 } license)
                return license;
        }

        return null;
    }
}
