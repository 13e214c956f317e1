namespace LmPlayground.Tests;

/// <summary>What is too large for the repository and lies beside it, where developers and CI have it and users do not.</summary>
internal static class SharedFiles
{
    /// <summary>A real instruction-tuned model of 113 MB; skips the test where it is missing.</summary>
    public static string SmolLm2 => PathOf("models", "SmolLM2-135M-Instruct");

    /// <summary>A path inside <c>../shared</c>; skips the test where it is missing.</summary>
    public static string PathOf(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([TestFiles.Root, "..", "shared", .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"../shared/{string.Join('/', parts)} is not here: it is too large for the repository.");
        return path;
    }
}
