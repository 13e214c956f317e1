using LmPlayground.Models.Catalog;

namespace LmPlayground.Generation.Tests.Support;

/// <summary>The models that ship with the playground.</summary>
internal static class EmbeddedFolder
{
    public static ModelCatalog Open()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        return new ModelCatalog(new ModelCatalogOptions { EmbeddedDirectory = Path.Combine(folder.FullName, "wwwroot-assets", "models") });
    }
}
