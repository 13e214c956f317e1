namespace LmPlayground.Web.Configuration;

/// <summary>The repository that a program was built from and still lies in.</summary>
internal static class Repository
{
    private const string Solution = "LmPlayground.sln";

    /// <summary>A folder of the repository, or null where the program lies elsewhere or the folder is not there.</summary>
    /// <param name="folder">Its path in the repository.</param>
    internal static string? Find(string folder)
    {
        for (var place = new DirectoryInfo(AppContext.BaseDirectory); place is not null; place = place.Parent)
        {
            if (File.Exists(Path.Combine(place.FullName, Solution)))
                return Path.Combine(place.FullName, folder) is var found && Directory.Exists(found) ? found : null;
        }

        return null;
    }
}
