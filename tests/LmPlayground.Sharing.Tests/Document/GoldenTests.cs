using LmPlayground.Runs.Settings;
using LmPlayground.Sampling.Stages;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Inspection;
using LmPlayground.Sharing.Making;
using LmPlayground.Sharing.Reading;
using LmPlayground.Sharing.Tests.Support;

namespace LmPlayground.Sharing.Tests.Document;

/// <summary>
/// Documents of every version, which every later playground opens. LMPLAYGROUND_RECORD=1 writes those of the newest version that are missing; what is
/// there is never written again: somebody has such a document.
/// </summary>
public class GoldenTests
{
    private static readonly string[] Kinds = ["ngram", "chat", "masked-fill", "source", "beams", "comparison"];

    private static string Folder => Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens");

    public static TheoryData<string> Files => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)]
        : [];

    [Fact]
    public async Task The_newest_version_has_a_document_of_each_kind_of_work()
    {
        var folder = Path.Combine(Folder, $"v{SharedDemo.CurrentVersion}");
        foreach (var kind in Kinds)
        {
            var file = Path.Combine(folder, $"{kind}.json");
            if (!File.Exists(file) && Environment.GetEnvironmentVariable("LMPLAYGROUND_RECORD") == "1")
            {
                await using var bench = new DemoBench();
                var demo = await bench.DemoAsync(DemoRequests.All[kind], new DemoContents { Candidates = 8 }, new DemoWords(kind, "What the first version wrote."));
                Directory.CreateDirectory(folder);
                await File.WriteAllBytesAsync(file, DemoJson.Write(demo), DemoBench.Cancellation);
            }

            Assert.True(File.Exists(file), $"{file} is missing: run with LMPLAYGROUND_RECORD=1.");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_document_of_any_version_opens_and_can_be_shown(string file)
    {
        var demo = SharedDemoReader.Read(File.ReadAllBytes(Path.Combine(Folder, file)));
        Assert.Equal(SharedDemo.CurrentVersion, demo.Version);
        Assert.All(demo.Runs, run => Assert.Equal(run.Steps.Ids, DemoTokens.Of(demo, run).Select(step => step.Id)));
        Assert.All(demo.Runs, run => Assert.NotEmpty(run.Text));
        var warm = new SamplingOptions().With(TemperatureStage.Temperature, 0.7);
        Assert.All(demo.Runs, run => Assert.Contains(new DemoReview(demo, run).Compare(warm), outcome => outcome.IsKnown));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_document_of_the_newest_version_is_written_with_the_same_bytes(string file)
    {
        Assert.SkipUnless(file.StartsWith($"v{SharedDemo.CurrentVersion}/", StringComparison.Ordinal), "It is of an earlier version.");
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        Assert.Equal(bytes, DemoJson.Write(SharedDemoReader.Read(bytes)));
    }

    [Fact]
    public void The_documents_show_what_was_recorded()
    {
        Assert.Equal("Be brief.", Open("chat").Request.System);
        Assert.Contains("Be brief.", Open("chat").Runs[0].RenderedPrompt, StringComparison.Ordinal);
        Assert.Equal(2, Open("masked-fill").Runs[0].Masked!.Masks.Length);
        Assert.Equal("A dog sat.", Open("source").Request.Source);
        Assert.NotEmpty(Open("source").Runs[0].SourceIds!.Value);
        Assert.Equal((DemoKind.Search, 2), (Open("beams").Kind, Open("beams").Runs[0].Search!.Returned.Length));
        Assert.Equal(Open("beams").Runs[0].Steps.Ids, Open("beams").Runs[0].Search!.Returned[0].Ids);
        var comparison = Open("comparison");
        Assert.Equal((3, 2), (comparison.Runs.Length, comparison.Models.Length));
        Assert.Equal(0.5, comparison.Runs[0].Request.Find(StageSettings.Of(TemperatureStage.Temperature)));
        Assert.NotNull(comparison.Comparison!.FirstDifference);
    }

    private static SharedDemo Open(string kind) => SharedDemoReader.Read(File.ReadAllBytes(Path.Combine(Folder, "v1", $"{kind}.json")));
}
