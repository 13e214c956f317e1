namespace LmPlayground.Generation.Tests.Support;

/// <summary>The folder of development data beside the repository, where it exists.</summary>
internal static class SharedFolder
{
    /// <summary>A path in it; skips the test where it is missing.</summary>
    public static string Find(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        var found = Path.GetFullPath(Path.Combine([folder.FullName, "..", "shared", .. path]));
        if (!Path.Exists(found))
            Assert.Skip($"../shared/{string.Join('/', path)} is not here.");
        return found;
    }
}
