namespace LmPlayground.EndToEnd.Support;

/// <summary>What these tests run.</summary>
internal static class PlaygroundProgram
{
    /// <summary>The program, as the build of the same configuration left it.</summary>
    internal static string Path { get; } = System.IO.Path.Combine(
        TestFiles.Root, "src", "LmPlayground.Web", System.IO.Path.GetRelativePath(
            System.IO.Path.Combine(TestFiles.Root, "tests", "LmPlayground.EndToEnd"), AppContext.BaseDirectory), "LmPlayground.Web.dll");
}
