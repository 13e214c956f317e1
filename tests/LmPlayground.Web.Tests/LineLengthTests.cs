namespace LmPlayground.Web.Tests;

/// <summary>Markup is read as code is: no line of a razor file is longer than a screen is wide.</summary>
public class LineLengthTests
{
    private const int Most = 160;

    [Fact]
    public void No_line_of_a_razor_file_is_too_long()
    {
        var files = Directory.GetFiles(Path.Combine(FindRoot(), "src", "LmPlayground.Web", "Components"), "*.razor", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.DoesNotContain(
            files.SelectMany(file => File.ReadLines(file).Select((line, index) => (Place: $"{Path.GetFileName(file)}:{index + 1}", line.Length))),
            line => line.Length > Most);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LmPlayground.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests must run from within the repository.");
    }
}
