namespace LmPlayground.Recorded.Tests;

/// <summary>Where things lie in the repository.</summary>
internal static class Repository
{
    /// <summary>The repository's folder.</summary>
    internal static readonly string Root = FindRoot();

    /// <summary>The models that come with the program.</summary>
    internal static readonly string Models = Path.Combine(Root, "wwwroot-assets", "models");

    /// <summary>A small reference model's folder, or null where there is none.</summary>
    internal static string? Zoo(string name) => new[]
    {
        Path.Combine(Root, "tests", "fixtures", "zoo", name),
        Path.Combine(Root, "..", "shared", "models", "zoo", name),
    }.Where(Directory.Exists).Select(Path.GetFullPath).FirstOrDefault();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("LmPlayground.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
