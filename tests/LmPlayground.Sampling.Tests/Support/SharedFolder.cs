namespace LmPlayground.Sampling.Tests.Support;

/// <summary>The folder of references beside the repository, which only developers have.</summary>
public static class SharedFolder
{
    public static string FindOrSkip()
    {
        var root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "LmPlayground.sln")))
            root = Path.GetDirectoryName(root);
        var shared = Path.GetFullPath(Path.Combine(root ?? ".", "..", "shared"));
        Assert.SkipUnless(Directory.Exists(shared), $"The folder ../shared with the reference data is not here ({shared}).");
        return shared;
    }
}
