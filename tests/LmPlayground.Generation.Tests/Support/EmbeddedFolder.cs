using LmPlayground.Models.Catalog;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>The models that ship with the playground.</summary>
internal static class EmbeddedFolder
{
    public static ModelCatalog Open() => new(new ModelCatalogOptions { EmbeddedDirectory = TestFiles.EmbeddedModels });
}
