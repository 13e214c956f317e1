using System.Diagnostics;
using LmPlayground.Web.Hosting;

namespace LmPlayground.Web.Tests;

public class UnicodeDataTests
{
    [Fact]
    public void Here_they_are_and_a_normalizer_that_leaves_texts_as_they_are_shows_that_they_are_not()
    {
        Assert.Null(UnicodeData.Fault);
        Assert.False(UnicodeData.IsThere(text => text));
        Assert.False(UnicodeData.IsThere(text => text.Normalize(System.Text.NormalizationForm.FormD)));
    }

    [Theory]
    [InlineData("models")]
    [InlineData("")]
    [InlineData("generate --prompt x")]
    public async Task Without_ICU_the_program_refuses_with_one_line_and_exit_code_2(string arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "LmPlayground.Web.dll"), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, ""), (process.ExitCode, await output));
        Assert.Contains("ICU", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
