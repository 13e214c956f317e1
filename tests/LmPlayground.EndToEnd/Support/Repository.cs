namespace LmPlayground.EndToEnd.Support;

/// <summary>Where things lie in the repository that these tests were built from.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    /// <summary>The program, as the build of the same configuration left it.</summary>
    internal static string Program { get; } = Path.Combine(
        Root, "src", "LmPlayground.Web", Path.GetRelativePath(
            Path.Combine(Root, "tests", "LmPlayground.EndToEnd"), AppContext.BaseDirectory), "LmPlayground.Web.dll");

    internal static string Shared { get; } = Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    internal static string SharedOrSkip()
    {
        Assert.SkipUnless(Directory.Exists(Shared), $"The folder ../shared with the reference models is not here ({Shared}).");
        return Shared;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests must run from within the repository.");
    }
}
