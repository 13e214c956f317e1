namespace LmPlayground.Models.Tests;

/// <summary>The folder of reference files beside the repository, which developers and CI have and users do not.</summary>
internal static class SharedFolder
{
    /// <summary>The repository's root: the folder that holds the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A path inside <c>../shared</c>; skips the test where it is missing.</summary>
    public static string PathOf(params string[] parts)
    {
        string path = Path.GetFullPath(Path.Combine([Repository, "..", "shared", .. parts]));
        if (!Path.Exists(path))
            Assert.Skip($"{path} is missing: this test compares with reference files that are not part of the repository.");
        return path;
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No folder above the tests holds LmPlayground.sln.");
    }
}
