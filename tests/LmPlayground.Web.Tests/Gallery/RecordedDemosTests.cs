using System.IO.Compression;
using System.Text;
using System.Text.Json;
using LmPlayground.Generation.Engine;
using LmPlayground.Models.Catalog;
using LmPlayground.Runs.Planning;
using LmPlayground.Runs.Work;
using LmPlayground.Sharing.Document;
using LmPlayground.Sharing.Reading;
using LmPlayground.Sharing.Replaying;
using LmPlayground.Web.Cli;
using LmPlayground.Web.Sharing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LmPlayground.Web.Tests.Gallery;

/// <summary>The demos that come with the program: what the list says is what their documents show, and they can be made again.</summary>
public sealed class RecordedDemosTests
{
    private static readonly string Folder = Path.Combine(TestFiles.Root, "wwwroot-assets", "demos");
    private static readonly RecordedDemos Demos = new();

    /// <summary>What decides bits, besides the models; elsewhere other tokens may come.</summary>
    private static readonly string[] Deciding = ["prompt_chunk", "graph_rewriting", "execution_provider", "onnx_runtime", "architecture", "processor_features"];

    public static TheoryData<string> Names => [.. Demos.List.All.Select(demo => demo.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_demo_of_the_list_was_recorded_opens_and_is_what_the_list_says(string name)
    {
        var demo = Named(name);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder, demo.File)), RecordedDemos.Read(demo));
        var document = Open(demo);
        Assert.InRange(document.Version, 1, SharedDemo.CurrentVersion);
        Assert.Equal((demo.Title, demo.Sentence, Demos.List.Created), (document.Title, document.Description, document.Created));
        Assert.Equal(demo.Request, document.Request);
        Assert.Equal(Math.Max(1, demo.Request.Columns.Count), document.Runs.Length);
        Assert.All(document.Runs, run => Assert.True(run.Steps.Count > 0 && run.Column?.Error is null));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_demo_gives_the_same_tokens_again(string name)
    {
        using var models = new ModelCatalog(new ModelCatalogOptions { Directories = { TestFiles.EmbeddedModels } });
        using var engine = new GenerationEngine();
        var services = new WorkServices(
            models, engine, new RunPlanner(engine, new PlanningOptions(), TimeProvider.System), TimeProvider.System, NullLogger.Instance);
        var verdict = await new DemoReplay(services, models).RunAsync(Open(Named(name)), cancellationToken: TestContext.Current.CancellationToken);
        var other = verdict.Causes.FirstOrDefault(cause => Deciding.Contains(cause.What));
        Assert.SkipWhen(other is not null && !verdict.HasSameTokens, $"It was recorded where {other?.What} was {other?.Recorded}, and is {other?.Here} here.");
        Assert.True(verdict.HasSameTokens, $"{verdict.Runs.FirstOrDefault(run => run.Tokens is not null)?.Tokens?.Index}");
    }

    [Fact]
    public void They_are_small_and_nothing_lies_beside_them_that_the_list_does_not_name()
    {
        var files = Directory.GetFiles(Folder);
        Assert.Equal(Demos.List.All.Select(demo => demo.File).Append(RecordedDemoList.File).Order(), files.Select(Path.GetFileName).Order());
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 1, 1_500_000);
        Assert.Equal(Demos.List.All.Select(demo => demo.Id).Distinct().Count(), Demos.List.All.Length);
        Assert.Empty(Demos.First!.Request.Columns);
    }

    [Theory]
    [InlineData("near")]
    [InlineData("greedy-best")]
    public async Task Recording_again_gives_the_same_bytes(string name)
    {
        using var models = new ModelCatalog(new ModelCatalogOptions { Directories = { TestFiles.EmbeddedModels } });
        Assert.Equal(await RecordAsync(models, name), await RecordAsync(models, name));
    }

    [Theory]
    [InlineData("{\"temprature\":1}", "temprature")]
    [InlineData("{\"column\":[{\"model\":\"ngram\"},{\"top_kk\":1}]}", "top_kk")]
    [InlineData("{\"temperature\":\"hot\"}", "temperature")]
    public void A_list_that_asks_for_what_there_is_not_is_refused_with_its_name(string request, string name)
    {
        var list = $$"""{"created":"2026-11-27T00:00:00Z","first":"a","demos":[{"name":"a","group":"long","title":"A","sentence":"B","request":{{request}}}]}""";
        var error = Assert.Throws<JsonException>(() => RecordedDemoList.Read(new MemoryStream(Encoding.UTF8.GetBytes(list))));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private static RecordedDemo Named(string name) => Demos.List.All.Single(demo => demo.Name == name);

    private static Task<byte[]> RecordAsync(ModelCatalog models, string name) =>
        DemoRecorder.RecordAsync(models, Named(name), Demos.List.Created, TextWriter.Null, TestContext.Current.CancellationToken);

    private static SharedDemo Open(RecordedDemo demo)
    {
        using var packed = new BrotliStream(new MemoryStream(RecordedDemos.Read(demo)), CompressionMode.Decompress);
        using var document = new MemoryStream();
        packed.CopyTo(document);
        return SharedDemoReader.Read(document.ToArray());
    }
}
