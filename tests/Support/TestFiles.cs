namespace LmPlayground.Tests;

/// <summary>Where the repository's own files lie that tests read.</summary>
internal static class TestFiles
{
    /// <summary>The repository's folder: the one that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The models that come with the program.</summary>
    public static string EmbeddedModels { get; } = Path.Combine(Root, "wwwroot-assets", "models");

    /// <summary>The tiny models of Hugging Face's architectures, a folder each.</summary>
    public static string AllOfZoo { get; } = Fixture("zoo");

    /// <summary>The folder of a model that comes with the program.</summary>
    public static string Embedded(string model) => Path.Combine(EmbeddedModels, model);

    /// <summary>The folder of a tiny model of an architecture of Hugging Face's, with random weights and PyTorch's results.</summary>
    public static string Zoo(string architecture) => Path.Combine(AllOfZoo, architecture);

    /// <summary>A path in <c>tests/fixtures</c>.</summary>
    public static string Fixture(params string[] parts) => Path.Combine([Root, "tests", "fixtures", .. parts]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No folder above the tests holds LmPlayground.sln.");
    }
}
