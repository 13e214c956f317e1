using LmPlayground.Models.Catalog;

namespace LmPlayground.Web.Downloads;

/// <summary>What has come from a hub.</summary>
internal static class InstalledModels
{
    /// <summary>Whether a variant of a repository is among the models.</summary>
    internal static bool Have(this IModelList models, string repository, string variant) => models.Entries.Any(entry =>
        entry.IsFromHub && entry.Variant == variant && (entry.Id == repository || entry.Id.StartsWith(repository + ":", StringComparison.Ordinal)));
}
