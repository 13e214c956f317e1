using LmPlayground.Models.Catalog;
using LmPlayground.Models.Hub;

namespace LmPlayground.Web.Configuration;

/// <summary>Where the models are that come with the playground: beside a published program, or in the repository it was built from.</summary>
internal static class EmbeddedModels
{
    private const string InRepository = "wwwroot-assets/models";
    private const string Published = "models";

    /// <summary>What the catalogue looks for: the embedded models, these folders, and what Hugging Face's tools have downloaded.</summary>
    internal static ModelCatalogOptions With(IEnumerable<string> directories, int threads = 0)
    {
        var options = new ModelCatalogOptions
        {
            EmbeddedDirectory = Find(),
            HubCacheDirectory = HubOptions.FromEnvironment().CacheDirectory,
            IntraOpThreads = threads,
        };
        foreach (var directory in directories)
            options.Directories.Add(directory);
        return options;
    }

    /// <summary>Their folder, or null if it is neither here nor there.</summary>
    internal static string? Find()
    {
        var published = Path.Combine(AppContext.BaseDirectory, Published);
        return Directory.Exists(published) ? published : Repository.Find(InRepository);
    }
}
